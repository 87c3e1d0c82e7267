package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.protobuf.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Read access to a JSON tree that never fails: an absent field, a null and a field of another type
 * all read as the type's empty value, which is how Istio's proto3 messages see them too. Immutable
 * as long as the tree is.
 *
 * @param node the tree; a missing node stands for absence
 */
public record JsonView(JsonNode node) {

    /** Nothing at all. */
    public static final JsonView ABSENT = new JsonView(MissingNode.getInstance());

    /** A view of {@code node}; null counts as absent. */
    public static JsonView of(@Nullable JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode() ? ABSENT : new JsonView(node);
    }

    /** Whether there is a value other than null. */
    public boolean present() {
        return !node.isMissingNode() && !node.isNull();
    }

    /** Whether {@code field} has a value other than null. */
    public boolean has(String field) {
        return at(field).present();
    }

    /** The value of a field. */
    public JsonView at(String field) {
        return of(node.get(field));
    }

    /** This scalar as text; empty for objects, lists and absence. */
    public String asText() {
        return node.isValueNode() && present() ? node.asText() : "";
    }

    /** A scalar field as text; empty when absent. */
    public String text(String field) {
        return at(field).asText();
    }

    /** An integer field; 0 when absent or no number. */
    public int integer(String field) {
        return at(field).node.asInt(0);
    }

    /** A number field; 0 when absent or no number. */
    public double number(String field) {
        return at(field).node.asDouble(0);
    }

    /** A boolean field; false when absent. */
    public boolean flag(String field) {
        return at(field).node.asBoolean(false);
    }

    /** The elements of a list; empty when this is no list. */
    public List<JsonView> elements() {
        if (!node.isArray()) {
            return List.of();
        }
        List<JsonView> out = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            out.add(of(element));
        }
        return out;
    }

    /** The elements of a list field. */
    public List<JsonView> list(String field) {
        return at(field).elements();
    }

    /** The elements of a list of scalars. */
    public List<String> texts(String field) {
        List<String> out = new ArrayList<>();
        for (JsonView element : list(field)) {
            out.add(element.asText());
        }
        return out;
    }

    /** The fields of an object in written order; empty when this is no object. */
    public Map<String, JsonView> fields() {
        Map<String, JsonView> out = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            out.put(field.getKey(), of(field.getValue()));
        }
        return out;
    }

    /** The fields of an object field whose values are scalars. */
    public Map<String, String> textMap(String field) {
        Map<String, String> out = new LinkedHashMap<>();
        at(field).fields().forEach((key, value) -> out.put(key, value.asText()));
        return out;
    }

    /** A duration field in Go's or protobuf's notation; null when absent or malformed. */
    public @Nullable Duration duration(String field) {
        return Durations.parse(text(field));
    }
}
