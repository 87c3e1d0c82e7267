package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The edges of field paths in their stored form. */
final class PathElements {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, JsonNode> PARSED = new ConcurrentHashMap<>();
    private static final int PARSED_LIMIT = 10_000;

    /** Names first, then keys, values, indexes; numbers by size. */
    static final Comparator<String> ORDER = PathElements::compare;

    private PathElements() {}

    static String field(String name) {
        return "f:" + name;
    }

    /**
     * The element of an item in a keyed list; null when it carries none of the keys.
     *
     * @throws IllegalArgumentException when a key without a default is missing
     */
    static String key(JsonNode item, Schema.ListOf list) {
        TreeMap<String, JsonNode> keys = new TreeMap<>();
        for (String key : list.keys()) {
            JsonNode value = item.get(key);
            if (value == null || value.isNull()) {
                Schema.Property property =
                        list.element() instanceof Schema.Struct struct
                                ? struct.fields().apply(key)
                                : null;
                value = property == null ? null : property.defaultValue();
            }
            if (value != null) {
                keys.put(key, value);
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "associative list with keys has an element that omits key field \""
                            + list.keys().getFirst()
                            + "\" (and doesn't have default value)");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.setAll(keys);
        return "k:" + json;
    }

    static String value(JsonNode item) {
        return "v:" + item;
    }

    /** As error texts print it. */
    static String print(String element) {
        String rest = element.substring(2);
        return switch (element.charAt(0)) {
            case 'f' -> "." + rest;
            case 'v' -> "[=" + rest + "]";
            case 'k' -> {
                StringBuilder text = new StringBuilder("[");
                JsonNode keys = parsed(rest);
                if (keys != null) {
                    keys.properties()
                            .forEach(
                                    key ->
                                            text.append(text.length() > 1 ? "," : "")
                                                    .append(key.getKey())
                                                    .append('=')
                                                    .append(key.getValue()));
                }
                yield text.append(']').toString();
            }
            default -> "[" + rest + "]";
        };
    }

    private static int compare(String a, String b) {
        int kind = Integer.compare(rank(a.charAt(0)), rank(b.charAt(0)));
        if (kind != 0) {
            return kind;
        }
        if (a.charAt(0) == 'k' && !a.equals(b)) {
            JsonNode left = parsed(a.substring(2));
            JsonNode right = parsed(b.substring(2));
            if (left != null && right != null) {
                int order = compareKeys(left, right);
                if (order != 0) {
                    return order;
                }
            }
        }
        return a.compareTo(b);
    }

    private static int compareKeys(JsonNode left, JsonNode right) {
        var a = left.properties().iterator();
        var b = right.properties().iterator();
        while (a.hasNext() && b.hasNext()) {
            var x = a.next();
            var y = b.next();
            int order = x.getKey().compareTo(y.getKey());
            if (order == 0) {
                order =
                        x.getValue().isNumber() && y.getValue().isNumber()
                                ? Double.compare(x.getValue().asDouble(), y.getValue().asDouble())
                                : x.getValue().asText().compareTo(y.getValue().asText());
            }
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(a.hasNext(), b.hasNext());
    }

    private static int rank(char kind) {
        return switch (kind) {
            case 'f' -> 0;
            case 'k' -> 1;
            case 'v' -> 2;
            default -> 3;
        };
    }

    private static @Nullable JsonNode parsed(String text) {
        JsonNode known = PARSED.get(text);
        if (known != null) {
            return known;
        }
        try {
            JsonNode json = JSON.readTree(text);
            if (PARSED.size() < PARSED_LIMIT) {
                PARSED.put(text, json);
            }
            return json;
        } catch (JsonProcessingException _) {
            return null;
        }
    }
}
