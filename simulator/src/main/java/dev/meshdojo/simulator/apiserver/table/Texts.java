package dev.meshdojo.simulator.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads fields of objects as the texts that cells show. */
final class Texts {

    static final String NONE = "<none>";
    static final String UNSET = "<unset>";

    private Texts() {}

    static JsonNode at(JsonNode node, String... path) {
        JsonNode current = node;
        for (String name : path) {
            current = current.path(name);
        }
        return current;
    }

    static String text(JsonNode node, String... path) {
        JsonNode value = at(node, path);
        return value.isMissingNode() || value.isNull() ? "" : value.asText();
    }

    static String name(JsonNode object) {
        return text(object, "metadata", "name");
    }

    static int number(JsonNode node, String... path) {
        return at(node, path).asInt(0);
    }

    static boolean present(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    static String or(String value, String fallback) {
        return value.isEmpty() ? fallback : value;
    }

    static List<String> strings(JsonNode list) {
        List<String> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asText()));
        return values;
    }

    /** {@code a=1,b=2}, sorted; {@code <none>} when empty. */
    static String labels(JsonNode labels) {
        List<String> pairs = new ArrayList<>();
        labels.properties().forEach(e -> pairs.add(e.getKey() + "=" + e.getValue().asText()));
        pairs.sort(null);
        return pairs.isEmpty() ? NONE : String.join(",", pairs);
    }

    /** A label selector as text; {@code <none>} when it is empty or absent. */
    static String selector(JsonNode selector) {
        return or(bareSelector(selector), NONE);
    }

    /** A label selector as text, sorted by key; empty when it is empty or absent. */
    static String bareSelector(JsonNode selector) {
        TreeSet<String> parts =
                new TreeSet<>(
                        (a, b) -> {
                            int order = key(a).compareTo(key(b));
                            return order != 0 ? order : a.compareTo(b);
                        });
        selector.path("matchLabels")
                .properties()
                .forEach(e -> parts.add(e.getKey() + "=" + e.getValue().asText()));
        for (JsonNode expression : selector.path("matchExpressions")) {
            parts.add(requirement(expression));
        }
        return String.join(",", parts);
    }

    private static String key(String part) {
        return part.replaceAll("^!|[= ].*", "");
    }

    private static String requirement(JsonNode expression) {
        String key = text(expression, "key");
        List<String> values = strings(expression.path("values"));
        values.sort(null);
        String list = " (" + String.join(",", values) + ")";
        return switch (text(expression, "operator")) {
            case "In" -> key + " in" + list;
            case "NotIn" -> key + " notin" + list;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }

    /** {@code a,b,c + 2 more...}; {@code empty} when there is nothing. */
    static String firstThree(List<String> all, String empty) {
        if (all.isEmpty()) {
            return empty;
        }
        return all.size() <= 3
                ? String.join(",", all)
                : String.join(",", all.subList(0, 3)) + " + " + (all.size() - 3) + " more...";
    }

    /** The status of a condition, or an empty text when there is none of that type. */
    static String condition(JsonNode object, String type) {
        for (JsonNode condition : at(object, "status", "conditions")) {
            if (type.equals(text(condition, "type"))) {
                return text(condition, "status");
            }
        }
        return "";
    }

    static boolean deleting(JsonNode object) {
        return present(at(object, "metadata", "deletionTimestamp"));
    }

    static String containers(JsonNode podSpec) {
        return joined(podSpec, "name");
    }

    static String images(JsonNode podSpec) {
        return joined(podSpec, "image");
    }

    private static String joined(JsonNode podSpec, String field) {
        List<String> values = new ArrayList<>();
        podSpec.path("containers").forEach(container -> values.add(text(container, field)));
        return String.join(",", values);
    }
}
