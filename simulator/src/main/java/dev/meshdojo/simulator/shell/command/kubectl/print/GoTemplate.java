package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of Go's templates that {@code -o go-template} is used for: fields, {@code range}, {@code
 * if}, {@code with}, variables, pipelines and the usual functions. Not modelled: {@code define},
 * {@code block}, {@code template}.
 */
public final class GoTemplate {

    private sealed interface Node {}

    private record Text(String text) implements Node {}

    private record Action(String pipeline) implements Node {}

    private record Block(String word, String pipeline, List<Node> body, List<Node> otherwise)
            implements Node {}

    private record Token(String action, int end, boolean trimRight) {}

    private final String source;
    private final List<Node> nodes;
    private int at;
    private String pending = "";

    private GoTemplate(String source) {
        this.source = source;
        this.nodes = parseNodes();
        if (!pending.isEmpty()) {
            throw new JsonPathException(
                    "error parsing template " + source + ", unexpected {{" + pending + "}}");
        }
    }

    /**
     * Parses.
     *
     * @throws JsonPathException when it cannot be read
     */
    public static GoTemplate parse(String source) {
        return new GoTemplate(source);
    }

    /** The text that the template gives for an object. */
    public String execute(JsonNode root) {
        StringBuilder out = new StringBuilder();
        Map<String, JsonNode> variables = new HashMap<>();
        variables.put("$", root);
        run(nodes, root, variables, out);
        return out.toString();
    }

    private List<Node> parseNodes() {
        List<Node> list = new ArrayList<>();
        while (at < source.length()) {
            int open = source.indexOf("{{", at);
            if (open < 0) {
                list.add(new Text(source.substring(at)));
                at = source.length();
                return list;
            }
            String text = source.substring(at, open);
            Token token = token(open);
            if (source.startsWith("{{- ", open)) {
                text = text.stripTrailing();
            }
            if (!text.isEmpty()) {
                list.add(new Text(text));
            }
            at = token.end();
            if (token.trimRight()) {
                while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                    at++;
                }
            }
            String action = token.action();
            if (action.equals("end") || action.equals("else") || action.startsWith("else ")) {
                pending = action;
                return list;
            }
            Node node = node(action);
            if (node != null) {
                list.add(node);
            }
        }
        return list;
    }

    private @org.jspecify.annotations.Nullable Node node(String action) {
        if (action.startsWith("/*")) {
            return null;
        }
        String word = action.split("\\s", 2)[0];
        if (!List.of("range", "if", "with").contains(word)) {
            return new Action(action);
        }
        String pipeline = action.substring(word.length()).strip();
        List<Node> body = parseNodes();
        List<Node> otherwise = List.of();
        if (pending.startsWith("else ")) {
            String rest = pending.substring(5).strip();
            pending = "";
            Node nested = node(rest);
            otherwise = nested == null ? List.of() : List.of(nested);
        } else if (pending.equals("else")) {
            pending = "";
            otherwise = parseNodes();
            pending = "";
        } else if (pending.equals("end")) {
            pending = "";
        } else {
            throw new JsonPathException("error parsing template " + source + ", unexpected EOF");
        }
        return new Block(word, pipeline, body, otherwise);
    }

    private Token token(int open) {
        char quote = 0;
        for (int i = open + 2; i < source.length(); i++) {
            char c = source.charAt(i);
            if (quote != 0) {
                if (c == '\\' && quote == '"') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '`') {
                quote = c;
            } else if (source.startsWith("}}", i)) {
                String inner = source.substring(open + 2, i);
                boolean left = inner.startsWith("- ");
                boolean right = inner.endsWith(" -");
                String action =
                        inner.substring(left ? 2 : 0, right ? inner.length() - 2 : inner.length());
                return new Token(action.strip(), i + 2, right);
            }
        }
        throw new JsonPathException("error parsing template " + source + ", unclosed action");
    }

    private static void run(
            List<Node> nodes, JsonNode dot, Map<String, JsonNode> variables, StringBuilder out) {
        for (Node node : nodes) {
            switch (node) {
                case Text text -> out.append(text.text());
                case Action action -> {
                    GoPipeline pipeline = new GoPipeline(action.pipeline(), dot, variables);
                    JsonNode value = pipeline.evaluate();
                    if (!pipeline.assigned()) {
                        out.append(GoPipeline.print(value));
                    }
                }
                case Block block -> block(block, dot, new HashMap<>(variables), out);
            }
        }
    }

    private static void block(
            Block block, JsonNode dot, Map<String, JsonNode> variables, StringBuilder out) {
        String pipeline = block.pipeline();
        List<String> names = new ArrayList<>();
        if (block.word().equals("range") && pipeline.contains(":=")) {
            int assign = pipeline.indexOf(":=");
            for (String name : pipeline.substring(0, assign).split(",", -1)) {
                names.add(name.strip());
            }
            pipeline = pipeline.substring(assign + 2).strip();
        }
        JsonNode value = new GoPipeline(pipeline, dot, variables).evaluate();
        if (!GoPipeline.truth(value)) {
            run(block.otherwise(), dot, variables, out);
            return;
        }
        switch (block.word()) {
            case "range" -> range(block, value, names, variables, out);
            case "with" -> run(block.body(), value, variables, out);
            default -> run(block.body(), dot, variables, out);
        }
    }

    private static void range(
            Block block,
            JsonNode over,
            List<String> names,
            Map<String, JsonNode> variables,
            StringBuilder out) {
        Map<JsonNode, JsonNode> items = new java.util.LinkedHashMap<>();
        if (over.isObject()) {
            new TreeMap<>(
                            over.properties().stream()
                                    .collect(
                                            java.util.stream.Collectors.toMap(
                                                    Map.Entry::getKey, Map.Entry::getValue)))
                    .forEach((k, v) -> items.put(JsonNodeFactory.instance.textNode(k), v));
        } else {
            for (int i = 0; i < over.size(); i++) {
                items.put(JsonNodeFactory.instance.numberNode(i), over.get(i));
            }
        }
        items.forEach(
                (key, item) -> {
                    Map<String, JsonNode> inner = new HashMap<>(variables);
                    if (names.size() == 2) {
                        inner.put(names.get(0), key);
                    }
                    if (!names.isEmpty()) {
                        inner.put(names.getLast(), item);
                    }
                    run(block.body(), item, inner, out);
                });
    }
}
