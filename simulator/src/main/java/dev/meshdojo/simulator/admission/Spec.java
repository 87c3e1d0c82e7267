package dev.meshdojo.simulator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads an object as protobuf's JSON mapping does: an absent field, a null and a default value are
 * the same. Objects were already checked against their schema, so a value of an unexpected type
 * reads as absent.
 *
 * @param node the JSON, missing when absent
 */
record Spec(JsonNode node) {

    static final Spec ABSENT = new Spec(MissingNode.getInstance());

    Spec get(String field) {
        JsonNode child = node.path(field);
        return child.isNull() ? ABSENT : new Spec(child);
    }

    /** Whether the field is set to something other than null. */
    boolean has(String field) {
        return node.hasNonNull(field);
    }

    boolean present() {
        return !node.isMissingNode();
    }

    String text(String field) {
        JsonNode child = node.path(field);
        return child.isValueNode() && !child.isNull() ? child.asText() : "";
    }

    long number(String field) {
        return node.path(field).asLong();
    }

    double decimal(String field) {
        return node.path(field).asDouble();
    }

    boolean flag(String field) {
        return node.path(field).asBoolean();
    }

    List<Spec> list(String field) {
        List<Spec> items = new ArrayList<>();
        JsonNode array = node.path(field);
        if (array.isArray()) {
            array.forEach(item -> items.add(item.isNull() ? ABSENT : new Spec(item)));
        }
        return items;
    }

    List<String> texts(String field) {
        List<String> items = new ArrayList<>();
        JsonNode array = node.path(field);
        if (array.isArray()) {
            array.forEach(item -> items.add(item.asText()));
        }
        return items;
    }

    Map<String, Spec> map(String field) {
        return map(field, Spec::new);
    }

    Map<String, String> textMap(String field) {
        return map(field, JsonNode::asText);
    }

    private <T> Map<String, T> map(String field, Function<JsonNode, T> value) {
        Map<String, T> entries = new LinkedHashMap<>();
        JsonNode object = node.path(field);
        if (object.isObject()) {
            object.properties()
                    .forEach(entry -> entries.put(entry.getKey(), value.apply(entry.getValue())));
        }
        return entries;
    }

    String text() {
        return node.asText();
    }
}
