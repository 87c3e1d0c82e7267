package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.Comparator;
import java.util.List;

/**
 * Puts conditions into the list that an object has already: each stays where it is, new ones follow
 * in order of type. The time of the last change moves only with the status, and nothing moves when
 * a condition says the same as before.
 *
 * @param generation the generation that was looked at
 * @param now RFC 3339
 */
record Conditions(long generation, String now) {

    ArrayNode over(List<JsonView> existing, List<Condition> wanted) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (JsonView old : existing) {
            Condition replaced =
                    wanted.stream()
                            .filter(condition -> condition.type().equals(old.text("type")))
                            .findFirst()
                            .orElse(null);
            out.add(replaced == null ? old.node() : merged(old, replaced));
        }
        wanted.stream()
                .filter(
                        condition ->
                                existing.stream()
                                        .noneMatch(
                                                old -> old.text("type").equals(condition.type())))
                .sorted(Comparator.comparing(Condition::type))
                .forEach(condition -> out.add(dated(condition, now)));
        return out;
    }

    private ObjectNode merged(JsonView old, Condition condition) {
        ObjectNode next = dated(condition, old.text("lastTransitionTime"));
        if (!old.text("status").equals(next.path("status").asText())) {
            next.put("lastTransitionTime", now);
        }
        return next.equals(old.node()) ? (ObjectNode) old.node() : next;
    }

    private ObjectNode dated(Condition condition, String time) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("lastTransitionTime", time)
                .put("message", condition.message())
                .put("observedGeneration", generation)
                .put("reason", condition.reason())
                .put("status", condition.status() ? "True" : "False")
                .put("type", condition.type());
        return out;
    }
}
