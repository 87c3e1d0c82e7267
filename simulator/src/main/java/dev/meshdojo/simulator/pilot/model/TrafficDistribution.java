package dev.meshdojo.simulator.pilot.model;

import java.util.Locale;

/** Which endpoints of a Service clients shall prefer. */
public enum TrafficDistribution {
    /** None. */
    ANY,
    /** Those of the client's zone. */
    PREFER_SAME_ZONE,
    /** Those of the client's node. */
    PREFER_SAME_NODE;

    private static final String ANNOTATION = "networking.istio.io/traffic-distribution";

    /**
     * What an object asks for: its field, which must be spelt exactly, else its annotation.
     *
     * @param field the field's value; empty when the kind has none
     */
    static TrafficDistribution of(String field, KubeObject object) {
        TrafficDistribution written =
                switch (field) {
                    case "PreferClose", "PreferSameZone" -> PREFER_SAME_ZONE;
                    case "PreferSameNode" -> PREFER_SAME_NODE;
                    default -> ANY;
                };
        if (written != ANY) {
            return written;
        }
        return parse(object.annotations().getOrDefault(ANNOTATION, ""));
    }

    private static TrafficDistribution parse(String annotation) {
        return switch (annotation.toLowerCase(Locale.ROOT)) {
            case "preferclose", "prefersamezone" -> PREFER_SAME_ZONE;
            case "prefersamenode" -> PREFER_SAME_NODE;
            default -> ANY;
        };
    }
}
