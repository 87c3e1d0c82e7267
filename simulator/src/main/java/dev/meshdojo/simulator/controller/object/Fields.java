package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes fields of Kubernetes JSON by path; absent fields read as their zero value. */
public final class Fields {

    private Fields() {}

    /** The node at a path of field names; a missing node when any step is absent. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode here = node;
        for (String step : path) {
            here = here.path(step);
        }
        return here;
    }

    /** A string field, or the text of a number; empty when absent. */
    public static String text(JsonNode node, String... path) {
        return at(node, path).asText("");
    }

    /** An integer field. */
    public static int number(int fallback, JsonNode node, String... path) {
        return at(node, path).asInt(fallback);
    }

    /** An integer field; 0 when absent. */
    public static int number(JsonNode node, String... path) {
        return number(0, node, path);
    }

    /** A boolean field; false when absent. */
    public static boolean flag(JsonNode node, String... path) {
        return at(node, path).asBoolean(false);
    }

    /** Whether a field is there and not null. */
    public static boolean has(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return !found.isMissingNode() && !found.isNull();
    }

    /** The elements of a list field that are objects; empty when absent. */
    public static List<ObjectNode> objects(JsonNode node, String... path) {
        JsonNode list = at(node, path);
        if (list.isEmpty()) {
            return List.of();
        }
        List<ObjectNode> found = new ArrayList<>(list.size());
        for (JsonNode element : list) {
            if (element instanceof ObjectNode object) {
                found.add(object);
            }
        }
        return Collections.unmodifiableList(found);
    }

    /** The elements of a list field as text. */
    public static List<String> texts(JsonNode node, String... path) {
        List<String> found = new ArrayList<>();
        at(node, path).forEach(element -> found.add(element.asText()));
        return Collections.unmodifiableList(found);
    }

    /** A string map such as labels, sorted by key; empty when absent. */
    public static Map<String, String> strings(JsonNode node, String... path) {
        JsonNode map = at(node, path);
        if (map.isEmpty()) {
            return Map.of();
        }
        Map<String, String> found = new TreeMap<>();
        map.properties().forEach(entry -> found.put(entry.getKey(), entry.getValue().asText()));
        return Collections.unmodifiableMap(found);
    }

    /** Whether two nodes say the same; numbers compare by value, whatever their Java type. */
    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(
                (x, y) -> {
                    if (x.isNumber() && y.isNumber()) {
                        return x.decimalValue().compareTo(y.decimalValue());
                    }
                    return x.equals(y) ? 0 : 1;
                },
                b);
    }

    /** The object at a path inside {@code node}, made when it is not there. */
    public static ObjectNode child(ObjectNode node, String... path) {
        ObjectNode here = node;
        for (String step : path) {
            here = here.get(step) instanceof ObjectNode object ? object : here.putObject(step);
        }
        return here;
    }

    /** The list at {@code field} inside {@code node}, made when it is not there. */
    public static ArrayNode list(ObjectNode node, String field) {
        return node.get(field) instanceof ArrayNode array ? array : node.putArray(field);
    }

    /** A new, empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An object of string values. */
    public static ObjectNode object(Map<String, String> values) {
        ObjectNode node = object();
        values.forEach(node::put);
        return node;
    }

    /** A new object with type and metadata; {@code namespace} empty for cluster-scoped kinds. */
    public static ObjectNode manifest(
            String apiVersion, String kind, String namespace, String name) {
        ObjectNode node = object();
        node.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode metadata = node.putObject("metadata");
        if (!name.isEmpty()) {
            metadata.put("name", name);
        }
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return node;
    }
}
