package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A status condition.
 *
 * @param type what it is about
 * @param status whether it holds
 * @param reason one word for programs
 * @param message a sentence for people
 */
public record Condition(String type, boolean status, String reason, String message) {

    /** As Kubernetes writes it, but for the time of its last change. */
    public ObjectNode json(long generation) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("type", type)
                .put("status", status ? "True" : "False")
                .put("reason", reason)
                .put("message", message)
                .put("observedGeneration", generation);
        return out;
    }
}
