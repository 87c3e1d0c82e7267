package dev.meshdojo.simulator.apiserver.builtin;

import java.util.List;

/** Roles and bindings, whose names may hold colons, such as {@code system:discovery}. */
final class RbacStrategy extends BuiltinStrategy {

    RbacStrategy(String group, String kind) {
        super(group, kind);
    }

    @Override
    public List<String> validateName(String name, boolean prefix) {
        return Names.pathSegment(name, prefix);
    }
}
