package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.TreeMap;

/** JSON values as Go's {@code %v} prints them. */
public final class GoMaps {

    private GoMaps() {}

    /** Such as {@code map[spec:map[replicas:2]]}. */
    public static String print(JsonNode value) {
        StringBuilder text = new StringBuilder();
        print(value, text);
        return text.toString();
    }

    private static void print(JsonNode value, StringBuilder text) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
                text.append("map[");
                boolean[] first = {true};
                sorted.forEach(
                        (name, child) -> {
                            text.append(first[0] ? "" : " ").append(name).append(':');
                            first[0] = false;
                            print(child, text);
                        });
                text.append(']');
            }
            case ARRAY -> {
                text.append('[');
                for (int i = 0; i < value.size(); i++) {
                    text.append(i == 0 ? "" : " ");
                    print(value.get(i), text);
                }
                text.append(']');
            }
            case NULL, MISSING -> text.append("<nil>");
            default -> text.append(value.asText());
        }
    }

    /** A value as Go's {@code %#v} prints it. */
    static String syntax(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> {
                java.util.TreeMap<String, String> sorted = new java.util.TreeMap<>();
                value.properties()
                        .forEach(
                                entry ->
                                        sorted.put(
                                                TextNode.valueOf(entry.getKey()).toString(),
                                                syntax(entry.getValue())));
                yield "map[string]interface {}{"
                        + String.join(
                                ", ",
                                sorted.entrySet().stream()
                                        .map(entry -> entry.getKey() + ":" + entry.getValue())
                                        .toList())
                        + "}";
            }
            case ARRAY -> {
                java.util.List<String> items = new java.util.ArrayList<>();
                value.forEach(item -> items.add(syntax(item)));
                yield "[]interface {}{" + String.join(", ", items) + "}";
            }
            case NULL, MISSING -> "interface {}(nil)";
            default -> value.toString();
        };
    }
}
