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
public record Spec(JsonNode node) {

    /** What an absent field reads as. */
    public static final Spec ABSENT = new Spec(MissingNode.getInstance());

    /** The field, absent when null. */
    public Spec get(String field) {
        JsonNode child = node.path(field);
        return child.isNull() ? ABSENT : new Spec(child);
    }

    /** Whether the field is set to something other than null. */
    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** Whether there is anything here at all. */
    public boolean present() {
        return !node.isMissingNode();
    }

    /** A scalar as text; empty when absent. */
    public String text(String field) {
        JsonNode child = node.path(field);
        return child.isValueNode() && !child.isNull() ? child.asText() : "";
    }

    /** A whole number; 0 when absent. */
    public long number(String field) {
        return node.path(field).asLong();
    }

    /** A number; 0 when absent. */
    public double decimal(String field) {
        return node.path(field).asDouble();
    }

    /** A boolean; false when absent. */
    public boolean flag(String field) {
        return node.path(field).asBoolean();
    }

    /** The items of a list; none when absent. */
    public List<Spec> list(String field) {
        List<Spec> items = new ArrayList<>();
        JsonNode array = node.path(field);
        if (array.isArray()) {
            array.forEach(item -> items.add(item.isNull() ? ABSENT : new Spec(item)));
        }
        return items;
    }

    /** The items of a list of scalars, as text. */
    public List<String> texts(String field) {
        List<String> items = new ArrayList<>();
        JsonNode array = node.path(field);
        if (array.isArray()) {
            array.forEach(item -> items.add(item.asText()));
        }
        return items;
    }

    /** The entries of a map, in their order. */
    public Map<String, Spec> map(String field) {
        return map(field, Spec::new);
    }

    /** The entries of a map of scalars, as text. */
    public Map<String, String> textMap(String field) {
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

    /** This scalar as text. */
    public String text() {
        return node.asText();
    }
}
