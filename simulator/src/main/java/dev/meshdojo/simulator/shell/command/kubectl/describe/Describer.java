package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;

/** Describes objects of one kind. */
@FunctionalInterface
public interface Describer {

    /** Writes the description. */
    void describe(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException;
}
