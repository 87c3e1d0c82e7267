package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A value as Go's {@code fmt.Print} shows it: {@code map[a:1 b:[x y]]}. */
public final class GoValue {

    private GoValue() {}

    /** The text. */
    public static String print(JsonNode value) {
        if (value.isObject()) {
            TreeMap<String, String> entries = new TreeMap<>();
            value.properties().forEach(e -> entries.put(e.getKey(), print(e.getValue())));
            List<String> parts = new ArrayList<>();
            entries.forEach((k, v) -> parts.add(k + ":" + v));
            return "map[" + String.join(" ", parts) + "]";
        }
        if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(v -> parts.add(print(v)));
            return "[" + String.join(" ", parts) + "]";
        }
        return value.isNull() ? "<nil>" : value.isNumber() ? GoJson.number(value) : value.asText();
    }
}
