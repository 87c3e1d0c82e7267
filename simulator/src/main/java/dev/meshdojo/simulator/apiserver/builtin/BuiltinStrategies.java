package dev.meshdojo.simulator.apiserver.builtin;

import dev.meshdojo.simulator.apiserver.ResourceStrategy;

/** Which strategy a built-in kind has. */
final class BuiltinStrategies {

    private BuiltinStrategies() {}

    static ResourceStrategy of(String group, String kind) {
        boolean pathNamed =
                group.equals("rbac.authorization.k8s.io") || group.equals("apiregistration.k8s.io");
        if (pathNamed) {
            return new PathNamedStrategy(group, kind);
        }
        return switch (kind) {
            case "HorizontalPodAutoscaler" -> new AutoscalerStrategy(group, kind);
            case "Event" -> new EventStrategy(group, kind);
            default -> new BuiltinStrategy(group, kind);
        };
    }
}
