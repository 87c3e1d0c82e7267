package dev.meshdojo.simulator.shell.command.kubectl.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;

/**
 * The JSON merge patch (RFC 7386) of {@code kubectl apply} for kinds without a known structure:
 * additions and changes from live to wanted, deletions from last applied to wanted.
 */
public final class ThreeWayMerge {

    private ThreeWayMerge() {}

    /** The patch; empty when nothing is to be done. */
    public static ObjectNode patch(JsonNode lastApplied, JsonNode wanted, JsonNode live) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        changes(live, wanted, patch);
        deletions(lastApplied, wanted, live, patch);
        return patch;
    }

    private static void changes(JsonNode live, JsonNode wanted, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : wanted.properties()) {
            JsonNode now = live.get(entry.getKey());
            JsonNode want = entry.getValue();
            if (want.isNull()) {
                if (now != null && !now.isNull()) {
                    patch.putNull(entry.getKey());
                }
            } else if (now == null || !(now.isObject() && want.isObject())) {
                if (now == null || !equal(now, want)) {
                    patch.set(entry.getKey(), want);
                }
            } else {
                ObjectNode inner = JsonNodeFactory.instance.objectNode();
                changes(now, want, inner);
                if (!inner.isEmpty()) {
                    patch.set(entry.getKey(), inner);
                }
            }
        }
    }

    private static void deletions(
            JsonNode lastApplied, JsonNode wanted, JsonNode live, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> entry : lastApplied.properties()) {
            String key = entry.getKey();
            JsonNode want = wanted.get(key);
            if (want == null) {
                if (live.has(key)) {
                    patch.putNull(key);
                }
            } else if (want.isObject() && entry.getValue().isObject()) {
                ObjectNode inner =
                        patch.get(key) instanceof ObjectNode present
                                ? present
                                : JsonNodeFactory.instance.objectNode();
                deletions(entry.getValue(), want, live.path(key), inner);
                if (!inner.isEmpty()) {
                    patch.set(key, inner);
                }
            }
        }
    }

    /** Equal as JSON values; {@code 1} and {@code 1.0} are the same number. */
    static boolean equal(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return new BigDecimal(a.asText()).compareTo(new BigDecimal(b.asText())) == 0;
        }
        if (a instanceof ArrayNode left && b instanceof ArrayNode right) {
            if (left.size() != right.size()) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (!equal(left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isObject() && b.isObject()) {
            if (a.size() != b.size()) {
                return false;
            }
            return a.properties().stream()
                    .allMatch(e -> b.has(e.getKey()) && equal(e.getValue(), b.get(e.getKey())));
        }
        return a.equals(b);
    }
}
