package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
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
import java.util.TreeMap;

/**
 * Values in the form in which the API server holds them, which is what it prints when a refusal
 * names a whole struct: all fields, by their Go names, in Go's order. Immutable, thread-safe.
 */
final class InternalForm {

    private static final String TABLE = "internal-types.txt";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final class Shared {
        static final InternalForm INSTANCE = new InternalForm();
    }

    private record Field(String out, String in, String kind) {}

    private final Map<String, List<Field>> types = new HashMap<>();

    private InternalForm() {
        InputStream in = InternalForm.class.getResourceAsStream(TABLE);
        if (in == null) {
            throw new IllegalStateException(
                    "the class path lacks " + TABLE + " beside " + InternalForm.class);
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(this::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String line) {
        String[] words = line.split(" ");
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            int eq = words[i].indexOf('=');
            int colon = words[i].indexOf(':');
            fields.add(
                    new Field(
                            words[i].substring(0, eq),
                            words[i].substring(eq + 1, colon),
                            words[i].substring(colon + 1)));
        }
        types.put(words[0], List.copyOf(fields));
    }

    /**
     * A value of a type.
     *
     * @param type such as {@code core.PodSpec}, or {@code []core.Container}
     * @param value in the form of the API; missing for the zero value
     */
    static JsonNode of(String type, JsonNode value) {
        return Shared.INSTANCE.convert(type, value, MissingNode.getInstance());
    }

    private JsonNode convert(String kind, JsonNode value, JsonNode owner) {
        boolean none = value.isMissingNode() || value.isNull();
        if (kind.startsWith("*")) {
            return none && !ownsMoved(kind.substring(1), owner)
                    ? NullNode.getInstance()
                    : convert(kind.substring(1), value, owner);
        }
        if (kind.startsWith("[]")) {
            if (none || value.isEmpty()) {
                return none ? NullNode.getInstance() : value;
            }
            ArrayNode list = JSON.arrayNode(value.size());
            value.forEach(item -> list.add(convert(kind.substring(2), item, value)));
            return list;
        }
        if (kind.startsWith("{}")) {
            if (none) {
                return NullNode.getInstance();
            }
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            value.properties()
                    .forEach(
                            entry ->
                                    sorted.put(
                                            entry.getKey(),
                                            convert(kind.substring(2), entry.getValue(), value)));
            ObjectNode map = JSON.objectNode();
            map.setAll(sorted);
            return map;
        }
        return switch (kind) {
            case "string" -> TextNode.valueOf(value.asText(""));
            case "number" -> none ? JSON.numberNode(0) : value;
            case "bool" -> JSON.booleanNode(value.asBoolean(false));
            case "quantity" -> TextNode.valueOf(none ? "0" : Quantities.canonical(value.asText()));
            case "intOrString" -> none ? JSON.numberNode(0) : value;
            case "bytes", "any", "time" -> none ? NullNode.getInstance() : value;
            default -> struct(kind, value, owner);
        };
    }

    /** Whether the owner has fields that the internal type keeps in this struct. */
    private boolean ownsMoved(String kind, JsonNode owner) {
        for (Field field : types.getOrDefault(kind, List.of())) {
            if (field.in().startsWith("^") && owner.has(field.in().substring(1))) {
                return true;
            }
        }
        return false;
    }

    private JsonNode struct(String kind, JsonNode value, JsonNode owner) {
        List<Field> fields = types.get(kind);
        if (fields == null) {
            return value;
        }
        ObjectNode result = JSON.objectNode();
        for (Field field : fields) {
            if (field.out().equals("+")) {
                JsonNode inner = field.in().isEmpty() ? value : value.path(field.in());
                JsonNode inlined = convert(field.kind(), inner, value);
                if (inlined instanceof ObjectNode object) {
                    result.setAll(object);
                }
            } else if (field.in().startsWith("^")) {
                JsonNode moved = owner.path(field.in().substring(1));
                result.set(field.out(), convert(field.kind(), moved, owner));
            } else {
                result.set(field.out(), convert(field.kind(), value.path(field.in()), value));
            }
        }
        return result;
    }
}
