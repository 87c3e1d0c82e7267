package dev.meshdojo.simulator.shell.command.kubectl.print;

import java.util.List;

/** A piece of a JSONPath template. */
sealed interface JsonPathNode {

    /** Printed as it is. */
    record Text(String text) implements JsonPathNode {}

    /** {@code {.a.b}}. */
    record Expression(List<JsonPathStep> steps) implements JsonPathNode {}

    /** {@code {range .items[*]}…{end}}. */
    record Range(Expression over, List<JsonPathNode> body) implements JsonPathNode {}
}
