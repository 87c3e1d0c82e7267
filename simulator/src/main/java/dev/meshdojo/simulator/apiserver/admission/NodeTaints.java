package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import java.util.List;

/** A new node takes no pods until it is ready. Source: the plugin TaintNodesByCondition. */
public final class NodeTaints implements AdmissionPlugin {

    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String EFFECT = "NoSchedule";

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        ObjectNode node = request.object();
        if (node == null
                || !request.isFor("", "nodes", List.of(AdmissionRequest.Operation.CREATE))) {
            return;
        }
        ArrayNode taints = node.withObject("/spec").withArray("/taints");
        for (JsonNode taint : taints) {
            if (isNotReady(taint)) {
                return;
            }
        }
        taints.addObject().put("effect", EFFECT).put("key", NOT_READY);
    }

    /** Whether a taint is the one that new nodes get. */
    public static boolean isNotReady(JsonNode taint) {
        return taint.path("key").asText().equals(NOT_READY)
                && taint.path("effect").asText().equals(EFFECT);
    }
}
