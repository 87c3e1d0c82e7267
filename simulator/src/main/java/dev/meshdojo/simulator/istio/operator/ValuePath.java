package dev.meshdojo.simulator.istio.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paths into IstioOperator values and rendered objects: {@code a.b}, {@code a.[0].b}, {@code
 * containers[name:istio-proxy].lifecycle}; {@code \.} for a dot inside a name. Missing parents are
 * made on writing. Source: istio's {@code operator/pkg/values} and {@code tpath}.
 */
public final class ValuePath {

    private final String text;
    private final List<Step> steps;

    private ValuePath(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    private sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int index) implements Step {}

        record Where(String key, String value) implements Step {}
    }

    /**
     * Parses a path.
     *
     * @throws IllegalArgumentException when brackets do not match
     */
    public static ValuePath parse(String text) {
        List<Step> steps = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                name.append(text.charAt(++i));
            } else if (c == '.') {
                flush(name, steps);
            } else if (c == '[') {
                flush(name, steps);
                int end = text.indexOf(']', i);
                if (end < 0) {
                    throw new IllegalArgumentException("path " + text + ": no ] for [");
                }
                steps.add(bracket(text.substring(i + 1, end)));
                i = end;
            } else {
                name.append(c);
            }
        }
        flush(name, steps);
        return new ValuePath(text, List.copyOf(steps));
    }

    private static void flush(StringBuilder name, List<Step> steps) {
        if (!name.isEmpty()) {
            steps.add(new Step.Field(name.toString()));
            name.setLength(0);
        }
    }

    private static Step bracket(String inside) {
        int colon = inside.indexOf(':');
        if (colon >= 0) {
            return new Step.Where(inside.substring(0, colon), inside.substring(colon + 1));
        }
        try {
            return new Step.Index(Integer.parseInt(inside));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "[" + inside + "] (expected: [number] or [key:value])", e);
        }
    }

    /** The value at this path, or a missing node. */
    public JsonNode get(JsonNode root) {
        JsonNode here = root;
        for (Step step : steps) {
            here = child(here, step);
        }
        return here;
    }

    private static JsonNode child(JsonNode node, Step step) {
        return switch (step) {
            case Step.Field field -> node.path(field.name());
            case Step.Index index -> node.path(index.index());
            case Step.Where where -> {
                int at = find(node, where);
                yield at < 0 ? MissingNode.getInstance() : node.get(at);
            }
        };
    }

    private static int find(JsonNode list, Step.Where where) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            String found =
                    where.key().isEmpty() ? element.asText() : element.path(where.key()).asText();
            if (found.equals(where.value())) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Writes a value; null removes what is there.
     *
     * @throws IllegalArgumentException when the path runs through a value that cannot hold it
     */
    public void set(ObjectNode root, @Nullable JsonNode value) {
        JsonNode here = root;
        for (int i = 0; i < steps.size() - 1; i++) {
            here = open(here, steps.get(i), steps.get(i + 1));
        }
        write(here, steps.getLast(), value);
    }

    private JsonNode open(JsonNode node, Step step, Step next) {
        JsonNode found = child(node, step);
        if (found.isContainerNode()) {
            return found;
        }
        JsonNode made =
                next instanceof Step.Field
                        ? JsonNodeFactory.instance.objectNode()
                        : JsonNodeFactory.instance.arrayNode();
        if (step instanceof Step.Where where && made instanceof ObjectNode object) {
            object.put(where.key(), where.value());
        }
        write(node, step, made);
        return made;
    }

    private void write(JsonNode node, Step step, @Nullable JsonNode value) {
        switch (step) {
            case Step.Field field when node instanceof ObjectNode object -> {
                if (value == null) {
                    object.remove(field.name());
                } else {
                    object.set(field.name(), value);
                }
            }
            case Step.Index index when node instanceof ArrayNode array ->
                    put(array, index.index(), value);
            case Step.Where where when node instanceof ArrayNode array -> {
                int at = find(array, where);
                put(array, at < 0 ? array.size() : at, value);
            }
            default ->
                    throw new IllegalArgumentException(
                            "path " + text + ": " + node + " holds no " + step);
        }
    }

    private static void put(ArrayNode array, int index, @Nullable JsonNode value) {
        if (value == null) {
            if (index < array.size()) {
                array.remove(index);
            }
        } else if (index < array.size()) {
            array.set(index, value);
        } else {
            array.add(value);
        }
    }
}
