package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSONPath templates. */
final class JsonPathParser {

    private static final Pattern FILTER =
            Pattern.compile("(.*?)(==|!=|<=|>=|<|>)(.*)", Pattern.DOTALL);
    private static final Pattern SLICE = Pattern.compile("(-?\\d*)(:(-?\\d*))?(:(-?\\d*))?");

    private final String text;
    private int at;

    JsonPathParser(String text) {
        this.text = text;
    }

    List<JsonPathNode> parse() {
        List<JsonPathNode> nodes = nodes(false);
        if (at < text.length()) {
            throw new JsonPathException("not in range, nothing to end");
        }
        return nodes;
    }

    private List<JsonPathNode> nodes(boolean inRange) {
        List<JsonPathNode> nodes = new ArrayList<>();
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            if (open < 0) {
                nodes.add(new JsonPathNode.Text(text.substring(at)));
                at = text.length();
                break;
            }
            if (open > at) {
                nodes.add(new JsonPathNode.Text(text.substring(at, open)));
            }
            int start = open;
            String action = action(open);
            String word = action.strip();
            if (word.equals("end")) {
                if (!inRange) {
                    at = start;
                }
                return nodes;
            }
            if (word.startsWith("range ")) {
                JsonPathNode.Expression over = expression(word.substring(6).strip());
                nodes.add(new JsonPathNode.Range(over, nodes(true)));
            } else {
                nodes.add(expression(word));
            }
        }
        if (inRange) {
            throw new JsonPathException("unexpected end of range, {end} is missing");
        }
        return nodes;
    }

    /** The inside of braces; the position moves behind them. */
    private String action(int open) {
        char quote = 0;
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '}') {
                at = i + 1;
                return text.substring(open + 1, i);
            }
        }
        throw new JsonPathException("unclosed action");
    }

    private static JsonPathNode.Expression expression(String body) {
        return new JsonPathNode.Expression(new StepReader(body).steps());
    }

    /** Reads the steps of one expression. */
    private static final class StepReader {
        private final String body;
        private int pos;

        StepReader(String body) {
            this.body = body;
        }

        List<JsonPathStep> steps() {
            List<JsonPathStep> steps = new ArrayList<>();
            while (pos < body.length()) {
                char c = body.charAt(pos);
                switch (c) {
                    case ' ', '@' -> pos++;
                    case '$' -> {
                        pos++;
                        steps.add(new JsonPathStep.Root());
                    }
                    case '.' -> dot(steps);
                    case '[' -> steps.add(bracket());
                    case '"', '\'' -> steps.add(quoted());
                    case '*' -> {
                        pos++;
                        steps.add(new JsonPathStep.Every());
                    }
                    default -> steps.add(bare());
                }
            }
            return steps;
        }

        private void dot(List<JsonPathStep> steps) {
            pos++;
            if (pos < body.length() && body.charAt(pos) == '.') {
                steps.add(new JsonPathStep.Recursive());
                pos++;
            }
            if (pos < body.length() && body.charAt(pos) == '*') {
                pos++;
                steps.add(new JsonPathStep.Every());
                return;
            }
            String name = name();
            if (!name.isEmpty()) {
                steps.add(new JsonPathStep.Field(name));
            }
        }

        private String name() {
            StringBuilder name = new StringBuilder();
            while (pos < body.length() && ".[] ,)$@".indexOf(body.charAt(pos)) < 0) {
                char c = body.charAt(pos++);
                if (c == '\\' && pos < body.length()) {
                    c = body.charAt(pos++);
                }
                name.append(c);
            }
            return name.toString();
        }

        private JsonPathStep bare() {
            int start = pos;
            while (pos < body.length() && " [".indexOf(body.charAt(pos)) < 0) {
                pos++;
            }
            String word = body.substring(start, pos);
            if (word.matches("-?\\d+(\\.\\d+)?")) {
                return new JsonPathStep.Literal(number(word));
            }
            if (word.equals("true") || word.equals("false")) {
                return new JsonPathStep.Literal(
                        JsonNodeFactory.instance.booleanNode(word.equals("true")));
            }
            if (start == 0 && word.matches("[A-Za-z_].*")) {
                throw new JsonPathException("unrecognized identifier " + word);
            }
            throw new JsonPathException(
                    "unrecognized character in action: U+%04X '%c'"
                            .formatted((int) word.charAt(0), word.charAt(0)));
        }

        private static com.fasterxml.jackson.databind.JsonNode number(String word) {
            return word.contains(".")
                    ? JsonNodeFactory.instance.numberNode(new BigDecimal(word))
                    : JsonNodeFactory.instance.numberNode(Long.parseLong(word));
        }

        private JsonPathStep quoted() {
            char quote = body.charAt(pos++);
            StringBuilder value = new StringBuilder();
            while (pos < body.length() && body.charAt(pos) != quote) {
                char c = body.charAt(pos++);
                if (c == '\\' && pos < body.length()) {
                    char e = body.charAt(pos++);
                    value.append(e == 'n' ? '\n' : e == 't' ? '\t' : e == 'r' ? '\r' : e);
                } else {
                    value.append(c);
                }
            }
            if (pos >= body.length()) {
                throw new JsonPathException("unterminated quoted string");
            }
            pos++;
            return new JsonPathStep.Literal(JsonNodeFactory.instance.textNode(value.toString()));
        }

        private JsonPathStep bracket() {
            int close = closing();
            String inner = body.substring(pos + 1, close).strip();
            pos = close + 1;
            if (inner.startsWith("?(") && inner.endsWith(")")) {
                return filter(inner.substring(2, inner.length() - 1));
            }
            List<String> parts = split(inner);
            if (parts.size() > 1) {
                List<List<JsonPathStep>> union = new ArrayList<>();
                parts.forEach(p -> union.add(List.of(single(p.strip()))));
                return new JsonPathStep.Union(union);
            }
            return single(inner);
        }

        private static JsonPathStep single(String inner) {
            if (inner.equals("*")) {
                return new JsonPathStep.Every();
            }
            boolean text = inner.length() > 1 && "'\"".indexOf(inner.charAt(0)) >= 0;
            if (text && inner.charAt(inner.length() - 1) == inner.charAt(0)) {
                return new JsonPathStep.Field(inner.substring(1, inner.length() - 1));
            }
            Matcher slice = SLICE.matcher(inner);
            if (!slice.matches() || inner.isEmpty()) {
                if (inner.startsWith(".")) {
                    return new JsonPathStep.Union(List.of(new StepReader(inner).steps()));
                }
                throw new JsonPathException("invalid array index " + inner);
            }
            boolean single = slice.group(2) == null;
            String end = slice.group(3);
            String step = slice.group(5);
            return new JsonPathStep.Slice(
                    slice.group(1).isEmpty() ? 0 : Integer.parseInt(slice.group(1)),
                    end == null || end.isEmpty() ? null : Integer.valueOf(end),
                    step == null || step.isEmpty() ? 1 : Integer.parseInt(step),
                    single);
        }

        private static JsonPathStep filter(String condition) {
            Matcher matcher = FILTER.matcher(condition);
            if (!matcher.matches()) {
                return new JsonPathStep.Filter(
                        new StepReader(condition.strip()).steps(), "exists", List.of());
            }
            return new JsonPathStep.Filter(
                    new StepReader(matcher.group(1).strip()).steps(),
                    matcher.group(2),
                    new StepReader(matcher.group(3).strip()).steps());
        }

        private int closing() {
            int depth = 0;
            char quote = 0;
            for (int i = pos; i < body.length(); i++) {
                char c = body.charAt(i);
                if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == '[') {
                    depth++;
                } else if (c == ']' && --depth == 0) {
                    return i;
                }
            }
            throw new JsonPathException("unterminated array");
        }

        private static List<String> split(String inner) {
            List<String> parts = new ArrayList<>();
            char quote = 0;
            int start = 0;
            for (int i = 0; i < inner.length(); i++) {
                char c = inner.charAt(i);
                if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == ',') {
                    parts.add(inner.substring(start, i));
                    start = i + 1;
                }
            }
            parts.add(inner.substring(start));
            return parts;
        }
    }
}
