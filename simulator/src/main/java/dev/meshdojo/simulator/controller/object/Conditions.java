package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** Reads and writes {@code status.conditions}. */
public final class Conditions {

    private Conditions() {}

    /** A condition of an object, or a missing node. */
    public static JsonNode find(JsonNode object, String type) {
        return in(Fields.at(object, "status"), type);
    }

    /** A condition inside a status, or a missing node. */
    public static JsonNode in(JsonNode status, String type) {
        for (JsonNode condition : Fields.at(status, "conditions")) {
            if (Fields.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    /** Whether a condition of an object is {@code True}. */
    public static boolean holds(JsonNode object, String type) {
        return Fields.text(find(object, type), "status").equals("True");
    }

    /** Takes a condition out of a status. */
    public static void remove(ObjectNode status, String type) {
        if (!(status.get("conditions") instanceof ArrayNode conditions)) {
            return;
        }
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (Fields.text(conditions.get(i), "type").equals(type)) {
                conditions.remove(i);
            }
        }
        if (conditions.isEmpty()) {
            status.remove("conditions");
        }
    }

    /**
     * Sets a condition in its place, or at the end when it is new. The transition time moves only
     * when the status does.
     */
    public static void set(
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message,
            Instant now) {
        ArrayNode conditions = Fields.list(status, "conditions");
        ObjectNode made = Fields.object();
        made.put("type", type).put("status", value).put("lastTransitionTime", Meta.time(now));
        if (!reason.isEmpty()) {
            made.put("reason", reason);
        }
        if (!message.isEmpty()) {
            made.put("message", message);
        }
        for (int i = 0; i < conditions.size(); i++) {
            JsonNode old = conditions.get(i);
            if (Fields.text(old, "type").equals(type)) {
                if (Fields.text(old, "status").equals(value)) {
                    made.set("lastTransitionTime", old.path("lastTransitionTime"));
                }
                conditions.set(i, made);
                return;
            }
        }
        conditions.add(made);
    }
}
