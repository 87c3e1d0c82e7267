package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * kubectl's JSONPath templates. A missing key gives nothing. Source: client-go {@code
 * util/jsonpath}.
 */
public final class JsonPath {

    private final List<JsonPathNode> template;

    private JsonPath(List<JsonPathNode> template) {
        this.template = template;
    }

    /**
     * Parses a template.
     *
     * @throws JsonPathException in client-go's words
     */
    public static JsonPath parse(String template) {
        return new JsonPath(new JsonPathParser(template).parse());
    }

    /** Parses one expression that may lack its braces and its leading dot. */
    public static JsonPath expression(String text) {
        String body =
                text.startsWith("{") && text.endsWith("}")
                        ? text.substring(1, text.length() - 1)
                        : text;
        if (!body.startsWith(".")
                && !body.startsWith("[")
                && !body.startsWith("$")
                && !body.startsWith("@")) {
            body = "." + body;
        }
        return parse("{" + body + "}");
    }

    /** The text that {@code -o jsonpath} prints. */
    public String print(JsonNode root) {
        StringBuilder out = new StringBuilder();
        print(template, List.of(root), root, out);
        return out.toString();
    }

    /** The values of a template that is one expression. */
    public List<JsonNode> find(JsonNode root) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonPathNode node : template) {
            if (node instanceof JsonPathNode.Expression expression) {
                found.addAll(evaluate(expression.steps(), List.of(root), root));
            }
        }
        return found;
    }

    private void print(
            List<JsonPathNode> nodes, List<JsonNode> current, JsonNode root, StringBuilder out) {
        for (JsonPathNode node : nodes) {
            switch (node) {
                case JsonPathNode.Text text -> out.append(text.text());
                case JsonPathNode.Expression expression ->
                        results(evaluate(expression.steps(), current, root), out);
                case JsonPathNode.Range range -> {
                    for (JsonNode item : evaluate(range.over().steps(), current, root)) {
                        print(range.body(), List.of(item), root, out);
                    }
                }
            }
        }
    }

    private static void results(List<JsonNode> results, StringBuilder out) {
        for (int i = 0; i < results.size(); i++) {
            JsonNode result = results.get(i);
            out.append(i == 0 ? "" : " ").append(text(result));
        }
    }

    /** One value as text. */
    public static String text(JsonNode value) {
        if (value.isContainerNode()) {
            return GoJson.compact(value);
        }
        return value.isNumber() ? GoJson.number(value) : value.isNull() ? "" : value.asText();
    }

    static List<JsonNode> evaluate(List<JsonPathStep> steps, List<JsonNode> start, JsonNode root) {
        List<JsonNode> current = start;
        for (JsonPathStep step : steps) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : current) {
                step(step, node, root, next);
            }
            current = next;
        }
        return current;
    }

    private static void step(JsonPathStep step, JsonNode node, JsonNode root, List<JsonNode> next) {
        switch (step) {
            case JsonPathStep.Root ignored -> next.add(root);
            case JsonPathStep.Literal literal -> next.add(literal.value());
            case JsonPathStep.Field field -> {
                JsonNode value = node.get(field.name());
                if (value != null) {
                    next.add(value);
                }
            }
            case JsonPathStep.Every ignored -> node.forEach(next::add);
            case JsonPathStep.Recursive ignored -> descend(node, next);
            case JsonPathStep.Slice slice -> slice(slice, node, next);
            case JsonPathStep.Union union -> {
                for (List<JsonPathStep> part : union.parts()) {
                    next.addAll(evaluate(part, List.of(node), root));
                }
            }
            case JsonPathStep.Filter filter -> {
                for (JsonNode item :
                        node.isArray() || node.isObject()
                                ? node
                                : JsonNodeFactory.instance.arrayNode()) {
                    if (filter.holds(item, root)) {
                        next.add(item);
                    }
                }
            }
        }
    }

    private static void descend(JsonNode node, List<JsonNode> next) {
        next.add(node);
        node.forEach(child -> descend(child, next));
    }

    private static void slice(JsonPathStep.Slice slice, JsonNode node, List<JsonNode> next) {
        if (!node.isArray()) {
            if (!node.isNull()) {
                throw new JsonPathException(
                        (node.isTextual() ? "\"" + node.asText() + "\"" : GoJson.compact(node))
                                + " is not array or slice");
            }
            return;
        }
        int size = node.size();
        int from = slice.from() < 0 ? slice.from() + size : slice.from();
        if (slice.single()) {
            if (from < 0 || from >= size) {
                throw new JsonPathException(
                        "array index out of bounds: index " + slice.from() + ", length " + size);
            }
            next.add(node.get(from));
            return;
        }
        int to = slice.to() == null ? size : slice.to() < 0 ? slice.to() + size : slice.to();
        for (int i = Math.max(0, from); i < Math.min(size, to); i += Math.max(1, slice.step())) {
            next.add(node.get(i));
        }
    }
}
