package dev.meshdojo.simulator.apiserver.builtin;

import java.util.List;

/** Kinds whose names need only be safe in a URL: {@code system:discovery}, {@code v1.}. */
final class PathNamedStrategy extends BuiltinStrategy {

    PathNamedStrategy(String group, String kind) {
        super(group, kind);
    }

    @Override
    public List<String> validateName(String name, boolean prefix) {
        return Names.pathSegment(name, prefix);
    }
}
