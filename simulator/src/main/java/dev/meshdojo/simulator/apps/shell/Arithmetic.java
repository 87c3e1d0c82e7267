package dev.meshdojo.simulator.apps.shell;

import java.util.List;
import java.util.Map;

/** {@code $((…))}: whole numbers, variables, parentheses and the usual operators. */
final class Arithmetic {

    private static final List<List<String>> LEVELS =
            List.of(
                    List.of("||"),
                    List.of("&&"),
                    List.of("==", "!="),
                    List.of("<=", ">=", "<", ">"),
                    List.of("+", "-"),
                    List.of("*", "/", "%"));

    private final String text;
    private final Map<String, String> variables;
    private int at;

    private Arithmetic(String text, Map<String, String> variables) {
        this.text = text;
        this.variables = variables;
    }

    /** The value; what cannot be read counts as 0. */
    static long evaluate(String text, Map<String, String> variables) {
        return new Arithmetic(text, variables).level(0);
    }

    private long level(int level) {
        if (level == LEVELS.size()) {
            return factor();
        }
        long left = level(level + 1);
        while (true) {
            String operator = operator(LEVELS.get(level));
            if (operator.isEmpty()) {
                return left;
            }
            left = apply(operator, left, level(level + 1));
        }
    }

    private String operator(List<String> operators) {
        skip();
        for (String operator : operators) {
            if (text.startsWith(operator, at)) {
                at += operator.length();
                return operator;
            }
        }
        return "";
    }

    private static long apply(String operator, long a, long b) {
        return switch (operator) {
            case "||" -> a != 0 || b != 0 ? 1 : 0;
            case "&&" -> a != 0 && b != 0 ? 1 : 0;
            case "==" -> a == b ? 1 : 0;
            case "!=" -> a != b ? 1 : 0;
            case "<=" -> a <= b ? 1 : 0;
            case ">=" -> a >= b ? 1 : 0;
            case "<" -> a < b ? 1 : 0;
            case ">" -> a > b ? 1 : 0;
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> b == 0 ? 0 : a / b;
            default -> b == 0 ? 0 : a % b;
        };
    }

    private long factor() {
        skip();
        if (at >= text.length()) {
            return 0;
        }
        char c = text.charAt(at);
        if (c == '(') {
            at++;
            long value = level(0);
            skip();
            at = Math.min(text.length(), at + 1);
            return value;
        }
        if (c == '-' || c == '!') {
            at++;
            long value = factor();
            return c == '-' ? -value : value == 0 ? 1 : 0;
        }
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (at == start) {
            at++;
            return 0;
        }
        String token = text.substring(start, at);
        String number =
                Character.isDigit(token.charAt(0)) ? token : variables.getOrDefault(token, "0");
        return number.matches("-?\\d{1,18}") ? Long.parseLong(number) : 0;
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
