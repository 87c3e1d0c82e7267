package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Fills in absent fields. */
final class Fill {

    private Fill() {}

    static void absent(ObjectNode object, String field, String value) {
        if (isAbsent(object, field)) {
            object.put(field, value);
        }
    }

    /** For optional fields, which may be set to an empty text. */
    static void unset(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    static void absent(ObjectNode object, String field, int value) {
        if (isAbsent(object, field)) {
            object.put(field, value);
        }
    }

    static void absent(ObjectNode object, String field, boolean value) {
        if (isAbsent(object, field)) {
            object.put(field, value);
        }
    }

    /** The object at a field, made when absent. */
    static ObjectNode object(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode found ? found : parent.putObject(field);
    }

    static void each(ObjectNode parent, String list, Consumer<ObjectNode> work) {
        for (JsonNode item : parent.path(list)) {
            if (item instanceof ObjectNode object) {
                work.accept(object);
            }
        }
    }

    private static boolean isAbsent(ObjectNode object, String field) {
        JsonNode value = object.get(field);
        return value == null || value.isNull() || (value.isTextual() && value.asText().isEmpty());
    }
}
