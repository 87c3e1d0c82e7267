package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Label selectors in kubectl's syntax, with the errors of Kubernetes' parser. */
public final class LabelSelectors {

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+");

    private LabelSelectors() {}

    /**
     * Parses {@code a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1,m<2}.
     *
     * @throws dev.meshdojo.simulator.apiserver.ApiException 400 as Kubernetes words it
     */
    public static Selector parse(String text) {
        if (text.isBlank()) {
            return Selector.ALL;
        }
        List<Requirement> requirements = new Parser(text).parse();
        return object -> {
            JsonNode labels = object.path("metadata").path("labels");
            for (Requirement requirement : requirements) {
                if (!requirement.matches(labels)) {
                    return false;
                }
            }
            return true;
        };
    }

    /** A {@code LabelSelector} object: matchLabels and matchExpressions; empty matches all. */
    public static Selector of(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(
                        label ->
                                requirements.add(
                                        new Requirement(
                                                label.getKey(),
                                                "=",
                                                List.of(label.getValue().asText()))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            String operator =
                    switch (expression.path("operator").asText()) {
                        case "In" -> "in";
                        case "NotIn" -> "notin";
                        case "Exists" -> "exists";
                        default -> "!";
                    };
            requirements.add(new Requirement(expression.path("key").asText(), operator, values));
        }
        return object -> {
            JsonNode labels = object.path("metadata").path("labels");
            for (Requirement requirement : requirements) {
                if (!requirement.matches(labels)) {
                    return false;
                }
            }
            return true;
        };
    }

    private record Requirement(String key, String operator, List<String> values) {
        boolean matches(JsonNode labels) {
            JsonNode label = labels.get(key);
            @Nullable String value = label == null ? null : label.asText();
            return switch (operator) {
                case "=", "==", "in" -> value != null && values.contains(value);
                case "!=", "notin" -> value == null || !values.contains(value);
                case "exists" -> value != null;
                case "!" -> value == null;
                case ">" -> value != null && isInteger(value) && number(value) > number(first());
                case "<" -> value != null && isInteger(value) && number(value) < number(first());
                default -> throw new IllegalStateException(operator);
            };
        }

        private String first() {
            return values.getFirst();
        }

        private static boolean isInteger(String value) {
            return INTEGER.matcher(value).matches();
        }

        private static long number(String value) {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException _) {
                return 0;
            }
        }
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Requirement> parse() {
            List<Requirement> all = new ArrayList<>();
            while (true) {
                String next = peek();
                if (next.isEmpty() && all.isEmpty()) {
                    return all;
                }
                if (!isIdentifier(next) && !next.equals("!")) {
                    throw failure(
                            "found '" + next + "', expected: !, identifier, or 'end of string'");
                }
                all.add(requirement());
                String separator = token();
                if (separator.isEmpty()) {
                    return all;
                }
                if (!separator.equals(",")) {
                    throw failure("found '" + separator + "', expected: ',' or 'end of string'");
                }
                String after = peek();
                if (!isIdentifier(after) && !after.equals("!")) {
                    throw failure("found '" + after + "', expected: identifier after ','");
                }
            }
        }

        private Requirement requirement() {
            String key = token();
            if (key.equals("!")) {
                String absent = token();
                if (!isIdentifier(absent)) {
                    throw requirementFailure("found '" + absent + "', expected: identifier");
                }
                checkKey(absent);
                return new Requirement(absent, "!", List.of());
            }
            checkKey(key);
            String next = peek();
            if (next.isEmpty() || next.equals(",")) {
                return new Requirement(key, "exists", List.of());
            }
            String operator = token();
            return switch (operator) {
                case "in", "notin" -> {
                    List<String> values = list();
                    values.forEach(value -> checkValue(key, value));
                    yield new Requirement(key, operator, values);
                }
                case "=", "==", "!=" -> {
                    String value = exactValue();
                    checkValue(key, value);
                    yield new Requirement(key, operator, List.of(value));
                }
                case ">", "<" -> {
                    String value = exactValue();
                    if (!INTEGER.matcher(value).matches()) {
                        throw requirementFailure(
                                "values[0]["
                                        + key
                                        + "]: Invalid value: \""
                                        + value
                                        + "\": for 'Gt', 'Lt' operators, the value must be an"
                                        + " integer");
                    }
                    yield new Requirement(key, operator, List.of(value));
                }
                default ->
                        throw requirementFailure(
                                "found '" + operator + "', expected: in, notin, =, ==, !=, gt, lt");
            };
        }

        private String exactValue() {
            String next = peek();
            if (next.isEmpty() || next.equals(",")) {
                return "";
            }
            String value = token();
            if (isIdentifier(value)) {
                return value;
            }
            throw requirementFailure("found '" + value + "', expected: identifier");
        }

        private List<String> list() {
            String open = token();
            if (!open.equals("(")) {
                throw requirementFailure("found '" + open + "' expected: '('");
            }
            TreeSet<String> values = new TreeSet<>();
            while (true) {
                String value = peek();
                if (value.equals(")")) {
                    token();
                    if (values.isEmpty()) {
                        values.add("");
                    }
                    return new ArrayList<>(values);
                }
                if (value.equals(",")) {
                    token();
                    values.add("");
                    continue;
                }
                if (!isIdentifier(value)) {
                    throw requirementFailure(
                            "found '" + value + "', expected: ',', ')' or identifier");
                }
                values.add(token());
                String separator = peek();
                if (separator.equals(",")) {
                    token();
                    if (peek().equals(")")) {
                        values.add("");
                    }
                } else if (!separator.equals(")")) {
                    throw requirementFailure("found '" + separator + "', expected: ',' or ')'");
                }
            }
        }

        private void checkKey(String key) {
            List<String> problems = Names.qualified(key);
            if (!problems.isEmpty()) {
                throw requirementFailure(
                        "key: Invalid value: \"" + key + "\": " + String.join("; ", problems));
            }
        }

        private void checkValue(String key, String value) {
            List<String> problems = Names.labelValue(value);
            if (!problems.isEmpty()) {
                throw requirementFailure(
                        "values[0]["
                                + key
                                + "]: Invalid value: \""
                                + value
                                + "\": "
                                + String.join("; ", problems));
            }
        }

        private String peek() {
            int before = at;
            String token = token();
            at = before;
            return token;
        }

        private String token() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return "";
            }
            int start = at;
            char c = text.charAt(at);
            if (isSpecial(c)) {
                String two = text.substring(at, Math.min(text.length(), at + 2));
                at += two.equals("==") || two.equals("!=") ? 2 : 1;
                return text.substring(start, at);
            }
            while (at < text.length()
                    && !isSpecial(text.charAt(at))
                    && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }

        private static boolean isSpecial(char c) {
            return switch (c) {
                case '=', '!', '(', ')', ',', '>', '<' -> true;
                default -> false;
            };
        }

        private static boolean isIdentifier(String token) {
            return !token.isEmpty() && !isSpecial(token.charAt(0));
        }

        private static RuntimeException requirementFailure(String message) {
            return Statuses.badRequest("unable to parse requirement: " + message);
        }

        private static RuntimeException failure(String message) {
            return Statuses.badRequest(message);
        }
    }
}
