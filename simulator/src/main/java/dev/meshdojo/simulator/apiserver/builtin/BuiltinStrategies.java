package dev.meshdojo.simulator.apiserver.builtin;

import dev.meshdojo.simulator.apiserver.ResourceStrategy;

/** Which strategy a built-in kind has. */
final class BuiltinStrategies {

    private BuiltinStrategies() {}

    static ResourceStrategy of(String group, String kind) {
        boolean pathNamed =
                group.equals("rbac.authorization.k8s.io") || group.equals("apiregistration.k8s.io");
        return pathNamed ? new PathNamedStrategy(group, kind) : new BuiltinStrategy(group, kind);
    }
}
