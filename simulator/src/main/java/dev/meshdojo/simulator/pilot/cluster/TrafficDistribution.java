package dev.meshdojo.simulator.pilot.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.List;

/** A Service's {@code trafficDistribution} as locality settings. */
final class TrafficDistribution {

    /** The mesh's settings where none are written: on, with no rules. */
    static final JsonView MESH_DEFAULT =
            JsonView.of(JsonNodeFactory.instance.objectNode().put("enabled", true));

    private static final List<String> ZONE =
            List.of(
                    "topology.istio.io/network",
                    "topology.kubernetes.io/region",
                    "topology.kubernetes.io/zone");

    private TrafficDistribution() {}

    /** The settings; absent when the value asks for nothing special. */
    static JsonView setting(String distribution) {
        return switch (distribution) {
            case "PreferClose", "PreferSameZone" -> priorities(ZONE, List.of());
            case "PreferSameNode" ->
                    priorities(
                            ZONE, List.of("topology.istio.io/subzone", "kubernetes.io/hostname"));
            default -> JsonView.ABSENT;
        };
    }

    private static JsonView priorities(List<String> zone, List<String> node) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        ArrayNode labels = out.putArray("failoverPriority");
        zone.forEach(labels::add);
        node.forEach(labels::add);
        return JsonView.of(out);
    }
}
