package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pod template as Go prints its type with names, types and values of all fields, which is what
 * Kubernetes hashes. The types come from the resource {@code pod-template-types.txt}: a line for
 * each with its kind, its name and, for a struct, the fields in their order as {@code
 * Name:jsonName:type}, where {@code -} stands for a field whose own fields stand in its holder.
 */
final class GoDump {

    private static final String NIL = "<nil>";
    private static final Pattern QUANTITY = Pattern.compile("([+-]?\\d+)(?:\\.(\\d+))?(.*)");
    private static final Map<String, Integer> DECIMAL =
            Map.of("n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15);
    private static final Map<String, Integer> BINARY =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);
    private static final Map<String, Type> TYPES = load();

    private final StringBuilder out = new StringBuilder();

    private GoDump() {}

    private record Field(String name, String json, String type) {}

    private record Type(String kind, String element, List<Field> fields) {}

    /** The text for a template as the API server stores it. */
    static String of(JsonNode template) {
        GoDump dump = new GoDump();
        dump.format("v1.PodTemplateSpec", template, true);
        return dump.out.toString();
    }

    private static Map<String, Type> load() {
        Map<String, Type> types = new HashMap<>();
        try (InputStream in =
                        Objects.requireNonNull(
                                GoDump.class.getResourceAsStream("pod-template-types.txt"));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                List<Field> fields = new ArrayList<>();
                boolean struct = words[0].equals("struct");
                for (int i = 2; struct && i < words.length; i++) {
                    String[] parts = words[i].split(":", 3);
                    fields.add(new Field(parts[0], parts[1], parts[2]));
                }
                boolean map = words[0].equals("map");
                types.put(words[1], new Type(words[0], map ? words[2] : "", fields));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the types of pod templates cannot be read", e);
        }
        return types;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private void format(String type, JsonNode value, boolean typed) {
        if (type.startsWith("*")) {
            pointer(type, value, typed);
            return;
        }
        if (typed) {
            out.append('(').append(type).append(')');
        }
        Type named = TYPES.get(type);
        if (type.startsWith("[]")) {
            list(type.substring(2), value);
        } else if (type.startsWith("map[")) {
            map(type.substring(type.indexOf(']') + 1), value);
        } else if (type.equals("resource.Quantity")) {
            quantity(value.asText(""));
        } else if (type.equals("intstr.IntOrString")) {
            out.append("{Type:(intstr.Type)").append(value.isTextual() ? 1 : 0);
            out.append(" IntVal:(int32)").append(value.asInt(0));
            out.append(" StrVal:(string)").append(value.isTextual() ? value.asText() : "");
            out.append('}');
        } else if (type.equals("v1.Time")) {
            out.append("{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)")
                    .append(NIL)
                    .append("}}");
        } else if (named != null && named.kind().equals("struct")) {
            struct(named, value);
        } else if (named != null && named.kind().equals("map")) {
            map(named.element(), value);
        } else {
            scalar(named == null ? type : named.kind(), value);
        }
    }

    private void pointer(String type, JsonNode value, boolean typed) {
        if (typed) {
            out.append('(').append(type).append(')');
        }
        if (absent(value)) {
            out.append(NIL);
        } else {
            format(type.substring(1), value, false);
        }
    }

    private void scalar(String kind, JsonNode value) {
        switch (kind) {
            case "string" -> out.append(absent(value) ? "" : value.asText());
            case "bool" -> out.append(value.asBoolean(false));
            default -> out.append(value.asLong(0));
        }
    }

    private void list(String element, JsonNode value) {
        if (value.isEmpty()) {
            out.append(NIL);
            return;
        }
        out.append('[');
        boolean first = true;
        for (JsonNode each : value) {
            out.append(first ? "" : " ");
            format(element, each, false);
            first = false;
        }
        out.append(']');
    }

    private void map(String element, JsonNode value) {
        if (value.isEmpty()) {
            out.append(NIL);
            return;
        }
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        out.append("map[");
        boolean first = true;
        for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
            out.append(first ? "" : " ").append(entry.getKey()).append(':');
            format(element, entry.getValue(), false);
            first = false;
        }
        out.append(']');
    }

    private void struct(Type type, JsonNode value) {
        out.append('{');
        boolean first = true;
        for (Field field : type.fields()) {
            out.append(first ? "" : " ").append(field.name()).append(':');
            JsonNode own =
                    field.json().equals("-")
                            ? value
                            : value.isObject()
                                    ? value.path(field.json())
                                    : MissingNode.getInstance();
            format(field.type(), own, true);
            first = false;
        }
        out.append('}');
    }

    /**
     * A quantity: number and exponent apart, binary units multiplied out; its text where Go's
     * parser sees at once that it is canonical.
     */
    private void quantity(String text) {
        Matcher parts = QUANTITY.matcher(text);
        long number = 0;
        int scale = 0;
        String format = text.isEmpty() ? "" : "DecimalSI";
        boolean kept = true;
        if (parts.matches()) {
            String fraction = parts.group(2) == null ? "" : parts.group(2);
            String digits = parts.group(1) + fraction;
            String unit = parts.group(3);
            number = Long.parseLong(digits);
            Integer shift = BINARY.get(unit);
            if (shift != null) {
                format = "BinarySI";
                kept = (number & 7) != 0;
                number <<= shift;
            } else {
                boolean exponent = unit.matches("[eE].*");
                format = exponent ? "DecimalExponent" : format;
                scale =
                        (exponent
                                        ? Integer.parseInt(unit.substring(1))
                                        : DECIMAL.getOrDefault(unit, 0))
                                - fraction.length();
                boolean canonical = !digits.endsWith("000") && !digits.startsWith("0");
                kept = text.equals("0") || (scale % 3 == 0 && canonical);
            }
        }
        out.append("{i:(resource.int64Amount){value:(int64)").append(number);
        out.append(" scale:(resource.Scale)").append(scale);
        out.append("} d:(resource.infDecAmount){Dec:(*inf.Dec)").append(NIL);
        out.append("} s:(string)").append(kept ? text : "");
        out.append(" Format:(resource.Format)").append(format).append('}');
    }
}
