package dev.meshdojo.simulator.istio.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.istio.operator.ValuePath;

/**
 * How many replicas a component's values ask for.
 *
 * @param enabled whether an autoscaler is wanted
 * @param least the autoscaler's minimum
 * @param most the autoscaler's maximum
 * @param replicas the fixed number without an autoscaler
 */
record Scaling(boolean enabled, int least, int most, int replicas) {

    static Scaling of(ObjectNode values) {
        return new Scaling(
                values.path("autoscaleEnabled").asBoolean(true),
                values.path("autoscaleMin").asInt(1),
                values.path("autoscaleMax").asInt(5),
                values.path("replicaCount").asInt(1));
    }

    /** Whether a disruption budget makes sense. */
    boolean several() {
        return enabled ? least > 1 : replicas > 1;
    }

    /** Fills in an autoscaler; whether it is wanted. */
    boolean autoscale(ObjectNode autoscaler) {
        ObjectNode spec = (ObjectNode) ValuePath.parse("spec").get(autoscaler);
        spec.put("minReplicas", least).put("maxReplicas", most);
        return enabled;
    }
}
