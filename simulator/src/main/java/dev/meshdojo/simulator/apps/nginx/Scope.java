package dev.meshdojo.simulator.apps.nginx;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The blocks around a request, from {@code http} to the innermost {@code location}. A directive
 * holds for inner blocks that do not say it themselves.
 */
record Scope(List<Directive> blocks) {

    Scope {
        blocks = List.copyOf(blocks);
    }

    Scope with(Directive inner) {
        return new Scope(Stream.concat(blocks.stream(), Stream.of(inner)).toList());
    }

    Directive innermost() {
        return blocks.getLast();
    }

    /** The directives of that name of the innermost block that has any. */
    List<Directive> inherited(String name) {
        for (Directive block : blocks.reversed()) {
            List<Directive> own = block.all(name).toList();
            if (!own.isEmpty()) {
                return own;
            }
        }
        return List.of();
    }

    @Nullable Directive one(String name) {
        List<Directive> found = inherited(name);
        return found.isEmpty() ? null : found.getLast();
    }

    /** The first argument of a directive, or a default. */
    String value(String name, String fallback) {
        Directive found = one(name);
        return found == null ? fallback : found.arg(0);
    }
}
