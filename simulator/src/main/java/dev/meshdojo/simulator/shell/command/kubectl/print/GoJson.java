package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** JSON as Go's {@code encoding/json} writes maps: keys sorted, HTML characters escaped. */
public final class GoJson {

    private GoJson() {}

    /** On one line. */
    public static String compact(JsonNode node) {
        StringBuilder out = new StringBuilder();
        write(node, out, null, 0);
        return out.toString();
    }

    /** Indented by four blanks, without a line end at the end. */
    public static String indented(JsonNode node) {
        StringBuilder out = new StringBuilder();
        write(node, out, "    ", 0);
        return out.toString();
    }

    private static void write(
            JsonNode node,
            StringBuilder out,
            @org.jspecify.annotations.Nullable String indent,
            int depth) {
        switch (node) {
            case ObjectNode object -> {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                object.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
                List<Runnable> entries = new ArrayList<>();
                sorted.forEach(
                        (key, value) ->
                                entries.add(
                                        () -> {
                                            quote(key, out);
                                            out.append(indent == null ? ":" : ": ");
                                            write(value, out, indent, depth + 1);
                                        }));
                entries(entries, '{', '}', out, indent, depth);
            }
            case ArrayNode array -> {
                List<Runnable> entries = new ArrayList<>();
                array.forEach(value -> entries.add(() -> write(value, out, indent, depth + 1)));
                entries(entries, '[', ']', out, indent, depth);
            }
            default -> scalar(node, out);
        }
    }

    private static void entries(
            List<Runnable> entries,
            char open,
            char close,
            StringBuilder out,
            @org.jspecify.annotations.Nullable String indent,
            int depth) {
        out.append(open);
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            if (indent != null) {
                out.append('\n').append(indent.repeat(depth + 1));
            }
            entries.get(i).run();
        }
        if (indent != null && !entries.isEmpty()) {
            out.append('\n').append(indent.repeat(depth));
        }
        out.append(close);
    }

    private static void scalar(JsonNode node, StringBuilder out) {
        if (node.isTextual()) {
            quote(node.asText(), out);
        } else if (node.isNumber()) {
            out.append(number(node));
        } else {
            out.append(node.isMissingNode() ? "null" : node.asText());
        }
    }

    /** A number as Go prints a float or an integer of an unstructured object. */
    static String number(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.asText();
        }
        BigDecimal value = node.decimalValue().stripTrailingZeros();
        return value.scale() <= 0 && value.precision() - value.scale() <= 21
                ? value.toBigInteger().toString()
                : value.toPlainString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '<', '>', '&', '\u2028', '\u2029' -> out.append("\\u%04x".formatted((int) c));
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
