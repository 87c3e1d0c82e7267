package dev.meshdojo.simulator.apps.nginx;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directive of a configuration file.
 *
 * @param name its first word
 * @param args the words behind it
 * @param children what stands in its block; empty for a simple one
 */
record Directive(String name, List<String> args, List<Directive> children, String file, int line) {

    Directive {
        args = List.copyOf(args);
        children = List.copyOf(children);
    }

    /** The children of that name, in order. */
    Stream<Directive> all(String child) {
        return children.stream().filter(each -> each.name().equals(child));
    }

    /** The last child of that name, or null. */
    @Nullable Directive last(String child) {
        return all(child).reduce((first, second) -> second).orElse(null);
    }

    /** An argument, or an empty text. */
    String arg(int index) {
        return index < args.size() ? args.get(index) : "";
    }
}
