package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One pipeline of a Go template. */
final class GoPipeline {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String text;
    private final JsonNode dot;
    private final Map<String, JsonNode> variables;
    private int at;
    private boolean assigned;

    GoPipeline(String text, JsonNode dot, Map<String, JsonNode> variables) {
        this.text = text;
        this.dot = dot;
        this.variables = variables;
    }

    boolean assigned() {
        return assigned;
    }

    static String print(JsonNode value) {
        return value.isMissingNode() ? "<no value>" : GoValue.print(value);
    }

    static boolean truth(JsonNode value) {
        if (value.isContainerNode()) {
            return !value.isEmpty();
        }
        if (value.isTextual()) {
            return !value.asText().isEmpty();
        }
        return value.isNumber() ? value.asDouble() != 0 : value.asBoolean(false);
    }

    JsonNode evaluate() {
        int assign = text.indexOf(":=") >= 0 ? text.indexOf(":=") : text.indexOf(" = ");
        if (text.startsWith("$") && assign > 0) {
            String name = text.substring(0, assign).strip();
            at = text.indexOf('=', assign) + 1;
            JsonNode value = pipeline();
            variables.put(name, value);
            assigned = true;
            return value;
        }
        return pipeline();
    }

    private JsonNode pipeline() {
        JsonNode value = command(null);
        blanks();
        while (at < text.length() && text.charAt(at) == '|') {
            at++;
            value = command(value);
            blanks();
        }
        return value;
    }

    private JsonNode command(@org.jspecify.annotations.Nullable JsonNode piped) {
        blanks();
        List<JsonNode> operands = new ArrayList<>();
        String function = "";
        if (at < text.length() && Character.isLetter(text.charAt(at))) {
            int start = at;
            while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
                at++;
            }
            String word = text.substring(start, at);
            switch (word) {
                case "true", "false" -> operands.add(NODES.booleanNode(word.equals("true")));
                case "nil" -> operands.add(NODES.nullNode());
                default -> function = word;
            }
        }
        blanks();
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            operands.add(operand());
            blanks();
        }
        if (piped != null) {
            operands.add(piped);
        }
        return function.isEmpty()
                ? operands.isEmpty() ? MissingNode.getInstance() : operands.getFirst()
                : call(function, operands);
    }

    private JsonNode operand() {
        return switch (text.charAt(at)) {
            case '(' -> {
                at++;
                JsonNode inner = pipeline();
                blanks();
                at++;
                yield fields(inner);
            }
            case '"' -> string();
            case '`' -> {
                int end = text.indexOf('`', at + 1);
                String raw = text.substring(at + 1, end);
                at = end + 1;
                yield NODES.textNode(raw);
            }
            case '$' -> fields(variable());
            case '.' -> {
                if (at + 1 >= text.length() || !isName(text.charAt(at + 1))) {
                    at++;
                    yield dot;
                }
                yield fields(dot);
            }
            default -> word();
        };
    }

    private JsonNode variable() {
        int start = at++;
        while (at < text.length() && isName(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at);
        JsonNode found = variables.get(name);
        if (found == null) {
            throw new JsonPathException("undefined variable \"" + name + "\"");
        }
        return found;
    }

    private JsonNode word() {
        int start = at;
        while (at < text.length() && " |)".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        if (word.matches("-?\\d+")) {
            return NODES.numberNode(Long.parseLong(word));
        }
        if (word.matches("-?\\d*\\.\\d+")) {
            return NODES.numberNode(new java.math.BigDecimal(word));
        }
        if (word.equals("true") || word.equals("false")) {
            return NODES.booleanNode(word.equals("true"));
        }
        throw new JsonPathException("function \"" + word + "\" not defined");
    }

    private JsonNode fields(JsonNode start) {
        JsonNode value = start;
        while (at < text.length() && text.charAt(at) == '.') {
            int from = ++at;
            while (at < text.length() && isName(text.charAt(at))) {
                at++;
            }
            String name = text.substring(from, at);
            if (value.isMissingNode() || value.isNull()) {
                throw new JsonPathException("nil data; no entry for key \"" + name + "\"");
            }
            value = value.path(name);
        }
        return value;
    }

    private JsonNode string() {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char e = text.charAt(at++);
                value.append(e == 'n' ? '\n' : e == 't' ? '\t' : e);
            } else {
                value.append(c);
            }
        }
        at++;
        return NODES.textNode(value.toString());
    }

    private static boolean isName(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static JsonNode call(String function, List<JsonNode> operands) {
        return switch (function) {
            case "len" ->
                    NODES.numberNode(
                            operands.getFirst().isTextual()
                                    ? operands.getFirst().asText().length()
                                    : operands.getFirst().size());
            case "index" -> index(operands);
            case "print" ->
                    NODES.textNode(
                            String.join("", operands.stream().map(GoPipeline::print).toList()));
            case "println" ->
                    NODES.textNode(
                            String.join(" ", operands.stream().map(GoPipeline::print).toList())
                                    + "\n");
            case "printf" -> NODES.textNode(printf(operands));
            case "not" -> NODES.booleanNode(!truth(operands.getFirst()));
            case "and" ->
                    operands.stream().filter(o -> !truth(o)).findFirst().orElse(operands.getLast());
            case "or" ->
                    operands.stream()
                            .filter(GoPipeline::truth)
                            .findFirst()
                            .orElse(operands.getLast());
            case "eq" ->
                    NODES.booleanNode(
                            operands.subList(1, operands.size()).stream()
                                    .anyMatch(o -> order(operands.getFirst(), o) == 0));
            case "ne" -> NODES.booleanNode(order(operands.getFirst(), operands.get(1)) != 0);
            case "lt" -> NODES.booleanNode(order(operands.getFirst(), operands.get(1)) < 0);
            case "le" -> NODES.booleanNode(order(operands.getFirst(), operands.get(1)) <= 0);
            case "gt" -> NODES.booleanNode(order(operands.getFirst(), operands.get(1)) > 0);
            case "ge" -> NODES.booleanNode(order(operands.getFirst(), operands.get(1)) >= 0);
            case "base64decode" ->
                    NODES.textNode(
                            new String(
                                    Base64.getDecoder().decode(operands.getFirst().asText()),
                                    StandardCharsets.UTF_8));
            case "exists" -> NODES.booleanNode(!index(operands).isMissingNode());
            default -> throw new JsonPathException("function \"" + function + "\" not defined");
        };
    }

    private static JsonNode index(List<JsonNode> operands) {
        JsonNode value = operands.getFirst();
        for (JsonNode key : operands.subList(1, operands.size())) {
            value = key.isNumber() ? value.path(key.asInt()) : value.path(key.asText());
        }
        return value;
    }

    private static int order(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : print(a).compareTo(print(b));
    }

    private static String printf(List<JsonNode> operands) {
        String format = operands.getFirst().asText().replaceAll("%(\\d*)[vq]", "%$1s");
        Object[] values =
                operands.subList(1, operands.size()).stream()
                        .map(
                                o ->
                                        o.isIntegralNumber()
                                                ? (Object) o.asLong()
                                                : o.isNumber() ? (Object) o.asDouble() : print(o))
                        .toArray();
        return String.format(java.util.Locale.ROOT, format, values);
    }
}
