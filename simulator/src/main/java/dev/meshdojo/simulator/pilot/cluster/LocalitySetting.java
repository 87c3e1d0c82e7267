package dev.meshdojo.simulator.pilot.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.Service;
import java.util.List;

/**
 * The locality settings in force for a cluster: those of its load balancer, else what the Service's
 * {@code trafficDistribution} amounts to, else the mesh's.
 *
 * @param rules a {@code localityLbSetting}; absent when switched off
 * @param forced whether localities stand in for one another even without outlier detection
 */
record LocalitySetting(JsonView rules, boolean forced) {

    private static final LocalitySetting OFF = new LocalitySetting(JsonView.ABSENT, false);

    /** The mesh's settings where none are written: on, with no rules. */
    private static final JsonView MESH_DEFAULT =
            JsonView.of(JsonNodeFactory.instance.objectNode().put("enabled", true));

    private static final List<String> ZONE =
            List.of(
                    "topology.istio.io/network",
                    "topology.kubernetes.io/region",
                    "topology.kubernetes.io/zone");

    private static final List<String> NODE =
            List.of("topology.istio.io/subzone", "kubernetes.io/hostname");

    static LocalitySetting of(TrafficPolicy policy, Service service, MeshConfig mesh) {
        JsonView own = policy.loadBalancer().at("localityLbSetting");
        if (own.present()) {
            return ifEnabled(own);
        }
        switch (service.trafficDistribution()) {
            case ANY -> {}
            case PREFER_SAME_ZONE -> {
                return new LocalitySetting(priorities(ZONE, List.of()), true);
            }
            case PREFER_SAME_NODE -> {
                return new LocalitySetting(priorities(ZONE, NODE), true);
            }
        }
        JsonView common = mesh.localityLbSetting();
        return common.present() ? ifEnabled(common) : new LocalitySetting(MESH_DEFAULT, false);
    }

    private static LocalitySetting ifEnabled(JsonView setting) {
        return !setting.has("enabled") || setting.flag("enabled")
                ? new LocalitySetting(setting, false)
                : OFF;
    }

    private static JsonView priorities(List<String> zone, List<String> node) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        ArrayNode labels = out.putArray("failoverPriority");
        zone.forEach(labels::add);
        node.forEach(labels::add);
        return JsonView.of(out);
    }
}
