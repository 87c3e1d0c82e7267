package dev.meshdojo.simulator.apiserver.builtin;

import dev.meshdojo.simulator.apiserver.ResourceStrategy;

/** Which strategy a built-in kind has. */
final class BuiltinStrategies {

    private BuiltinStrategies() {}

    static ResourceStrategy of(String group, String kind) {
        return group.equals("rbac.authorization.k8s.io")
                ? new RbacStrategy(group, kind)
                : new BuiltinStrategy(group, kind);
    }
}
