package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What binding does to a pod. Source: Kubernetes' {@code BindingREST.setPodNodeAndMetadata}. */
final class PodBinding {

    private PodBinding() {}

    /** Binds in place; null when the pod is bound already. */
    static @Nullable ObjectNode bind(ObjectNode pod, String node, String time) {
        if (!(pod.get("spec") instanceof ObjectNode spec)
                || !spec.path("nodeName").asText("").isEmpty()) {
            return null;
        }
        spec.put("nodeName", node);
        ObjectNode status =
                pod.get("status") instanceof ObjectNode found ? found : pod.putObject("status");
        status.remove("nominatedNodeName");
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode found
                        ? found
                        : status.putArray("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            JsonNode condition = conditions.get(i);
            if (condition.path("type").asText().equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "True")
                .putNull("lastProbeTime")
                .put("lastTransitionTime", time);
        return pod;
    }
}
