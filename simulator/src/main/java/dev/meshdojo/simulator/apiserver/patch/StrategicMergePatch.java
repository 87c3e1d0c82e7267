package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' strategic merge patch: lists merge by the keys their types declare; {@code $patch},
 * {@code $retainKeys}, {@code $deleteFromPrimitiveList} and {@code $setElementOrder} direct it.
 */
public final class StrategicMergePatch {

    private static final String DIRECTIVE = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String DELETE_LIST = "$deleteFromPrimitiveList/";
    private static final String ORDER_LIST = "$setElementOrder/";

    private StrategicMergePatch() {}

    /** A patch that breaks the rules; the message is Kubernetes'. */
    public static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /**
     * The patched object. Neither argument is changed.
     *
     * @throws Failed when a directive or a merge key is missing or unknown
     */
    public static ObjectNode apply(ObjectNode target, ObjectNode patch, Schema schema) {
        return mergeObject(target, patch, schema);
    }

    private static ObjectNode mergeObject(
            @Nullable ObjectNode target, ObjectNode patch, Schema schema) {
        JsonNode directive = patch.get(DIRECTIVE);
        if (directive != null) {
            switch (directive.asText()) {
                case "replace" -> {
                    return clean(patch);
                }
                case "delete" -> {
                    return JsonNodeFactory.instance.objectNode();
                }
                case "merge" -> {}
                default ->
                        throw new Failed(
                                "unknown patch type: " + directive.asText() + " in " + patch);
            }
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        if (target != null) {
            result.setAll(target);
        }
        retain(result, patch);
        for (var entry : patch.properties()) {
            String name = entry.getKey();
            if (name.startsWith("$")) {
                if (name.startsWith(DELETE_LIST)) {
                    deleteFromList(result, name.substring(DELETE_LIST.length()), entry.getValue());
                }
                continue;
            }
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                result.remove(name);
                continue;
            }
            result.set(name, mergeField(result.get(name), value, schema, name));
        }
        for (var entry : patch.properties()) {
            if (entry.getKey().startsWith(ORDER_LIST)) {
                String name = entry.getKey().substring(ORDER_LIST.length());
                if (result.get(name) instanceof ArrayNode list) {
                    Schema.Property property = property(schema, name);
                    List<JsonNode> items = new ArrayList<>();
                    list.forEach(items::add);
                    JsonNode live = target == null ? list : target.path(name);
                    result.set(
                            name,
                            order(
                                    items,
                                    entry.getValue(),
                                    live,
                                    property == null ? null : property.mergeKey()));
                }
            }
        }
        return result;
    }

    private static void retain(ObjectNode result, ObjectNode patch) {
        if (!(patch.get(RETAIN) instanceof ArrayNode names)) {
            return;
        }
        Set<String> kept = new HashSet<>();
        names.forEach(name -> kept.add(name.asText()));
        List<String> gone = new ArrayList<>();
        result.fieldNames().forEachRemaining(gone::add);
        gone.removeAll(kept);
        result.remove(gone);
    }

    private static Schema.@Nullable Property property(Schema schema, String name) {
        return schema instanceof Schema.Struct struct ? struct.fields().apply(name) : null;
    }

    private static JsonNode mergeField(
            @Nullable JsonNode old, JsonNode value, Schema schema, String name) {
        Schema.Property property = property(schema, name);
        if (value instanceof ObjectNode object) {
            if (property != null && property.replaces()) {
                return clean(object);
            }
            return mergeObject(
                    old instanceof ObjectNode before ? before : null,
                    object,
                    TypedValues.below(schema, name));
        }
        if (value instanceof ArrayNode list && property != null && property.merges()) {
            ArrayNode before =
                    old instanceof ArrayNode items ? items : JsonNodeFactory.instance.arrayNode();
            return property.mergeKey() == null
                    ? mergePrimitives(before, list)
                    : mergeByKey(before, list, property);
        }
        return value instanceof ArrayNode list ? cleanList(list) : value;
    }

    private static ArrayNode mergePrimitives(ArrayNode before, ArrayNode patch) {
        List<JsonNode> merged = new ArrayList<>();
        Set<JsonNode> seen = new HashSet<>();
        for (ArrayNode list : List.of(before, patch)) {
            list.forEach(
                    item -> {
                        if (seen.add(item)) {
                            merged.add(item);
                        }
                    });
        }
        return order(merged, patch, before, null);
    }

    private static ArrayNode mergeByKey(
            ArrayNode before, ArrayNode patch, Schema.Property property) {
        String key = java.util.Objects.requireNonNull(property.mergeKey());
        Schema element =
                property.schema() instanceof Schema.ListOf list
                        ? list.element()
                        : Schema.Leaf.UNTYPED;
        for (JsonNode item : patch) {
            if (item.path(DIRECTIVE).asText("").equals("replace") && !item.has(key)) {
                ArrayNode replaced = JsonNodeFactory.instance.arrayNode();
                patch.forEach(
                        other -> {
                            if (!other.has(DIRECTIVE) && other instanceof ObjectNode object) {
                                replaced.add(clean(object));
                            }
                        });
                return replaced;
            }
        }
        List<JsonNode> merged = new ArrayList<>();
        before.forEach(merged::add);
        List<JsonNode> added = new ArrayList<>();
        for (JsonNode item : patch) {
            if (!(item instanceof ObjectNode change)) {
                throw new Failed("expected a map in the list to merge, got " + item);
            }
            JsonNode id = change.get(key);
            if (id == null) {
                throw new Failed(
                        "map: "
                                + GoMaps.print(change)
                                + " does not contain declared merge key: "
                                + key);
            }
            if (change.path(DIRECTIVE).asText("").equals("delete")) {
                merged.removeIf(other -> id.equals(other.get(key)));
                continue;
            }
            int at = indexOf(merged, key, id);
            if (at >= 0) {
                merged.set(at, mergeObject((ObjectNode) merged.get(at), change, element));
            } else {
                added.add(mergeObject(null, change, element));
            }
        }
        merged.addAll(added);
        return order(merged, patch, before, key);
    }

    /**
     * Items that the order names come in that order; the others keep the order of the live list,
     * and stand before an ordered item only where they stood before it in the live list.
     */
    private static ArrayNode order(
            List<JsonNode> items, JsonNode wanted, JsonNode live, @Nullable String key) {
        Map<JsonNode, JsonNode> left = new LinkedHashMap<>();
        items.forEach(item -> left.put(id(item, key), item));
        List<JsonNode> ordered = new ArrayList<>();
        for (JsonNode item : wanted) {
            JsonNode found = left.remove(id(item, key));
            if (found != null) {
                ordered.add(found);
            }
        }
        List<JsonNode> others = new ArrayList<>(left.values());
        Map<JsonNode, Integer> places = new LinkedHashMap<>();
        live.forEach(item -> places.putIfAbsent(id(item, key), places.size()));
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        int i = 0;
        int j = 0;
        while (i < others.size() || j < ordered.size()) {
            boolean takeOther;
            if (j == ordered.size()) {
                takeOther = true;
            } else if (i == others.size()) {
                takeOther = false;
            } else {
                Integer a = places.get(id(others.get(i), key));
                Integer b = places.get(id(ordered.get(j), key));
                takeOther = a != null && b != null && a < b;
            }
            result.add(takeOther ? others.get(i++) : ordered.get(j++));
        }
        return result;
    }

    private static int indexOf(List<JsonNode> items, String key, JsonNode id) {
        for (int i = 0; i < items.size(); i++) {
            if (id.equals(items.get(i).get(key))) {
                return i;
            }
        }
        return -1;
    }

    private static void deleteFromList(ObjectNode result, String name, JsonNode gone) {
        if (!(result.get(name) instanceof ArrayNode list)) {
            return;
        }
        Set<JsonNode> items = new HashSet<>();
        gone.forEach(items::add);
        ArrayNode left = JsonNodeFactory.instance.arrayNode();
        list.forEach(
                item -> {
                    if (!items.contains(item)) {
                        left.add(item);
                    }
                });
        result.set(name, left);
    }

    private static JsonNode id(JsonNode item, @Nullable String key) {
        return key == null ? item : item.path(key);
    }

    /** Without directives, as it is stored. */
    private static ObjectNode clean(ObjectNode value) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        value.properties()
                .forEach(
                        entry -> {
                            if (!entry.getKey().startsWith("$")) {
                                result.set(entry.getKey(), entry.getValue());
                            }
                        });
        return result;
    }

    private static ArrayNode cleanList(ArrayNode list) {
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            if (item instanceof ObjectNode object && object.has(DIRECTIVE)) {
                if (object.path(DIRECTIVE).asText().equals("replace") && object.size() == 1) {
                    continue;
                }
                result.add(clean(object));
            } else {
                result.add(item);
            }
        }
        return result;
    }
}
