package dev.meshdojo.simulator.shell;

import java.util.List;

/** Integer expressions of {@code $((…))}, with C's operators and precedence. */
final class Arithmetic {

    private static final List<List<String>> BINARY =
            List.of(
                    List.of("||"),
                    List.of("&&"),
                    List.of("|"),
                    List.of("^"),
                    List.of("&"),
                    List.of("==", "!="),
                    List.of("<=", ">=", "<", ">"),
                    List.of("<<", ">>"),
                    List.of("+", "-"),
                    List.of("*", "/", "%"));
    private static final List<String> ASSIGN =
            List.of("+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^=", "=");

    private final ShellState state;
    private String text = "";
    private int at;
    private int skipping;

    Arithmetic(ShellState state) {
        this.state = state;
    }

    long evaluate(String expression) {
        text = expression;
        at = 0;
        if (expression.isBlank()) {
            return 0;
        }
        long value = comma();
        blanks();
        if (at < text.length()) {
            throw bad("unexpected \"" + text.substring(at) + "\"");
        }
        return value;
    }

    private long comma() {
        long value = assignment();
        while (take(",")) {
            value = assignment();
        }
        return value;
    }

    private long assignment() {
        blanks();
        int start = at;
        String name = name();
        if (!name.isEmpty()) {
            blanks();
            for (String operator : ASSIGN) {
                boolean equality = operator.equals("=") && text.startsWith("==", at);
                if (text.startsWith(operator, at) && !equality) {
                    at += operator.length();
                    long right = assignment();
                    long value =
                            operator.equals("=")
                                    ? right
                                    : binary(
                                            operator.substring(0, operator.length() - 1),
                                            variable(name),
                                            right);
                    store(name, value);
                    return value;
                }
            }
        }
        at = start;
        return ternary();
    }

    private long ternary() {
        long condition = level(0);
        if (!take("?")) {
            return condition;
        }
        skipping += condition == 0 ? 1 : 0;
        long yes = assignment();
        skipping -= condition == 0 ? 1 : 0;
        if (!take(":")) {
            throw bad("\":\" is missing after \"?\"");
        }
        skipping += condition != 0 ? 1 : 0;
        long no = assignment();
        skipping -= condition != 0 ? 1 : 0;
        return condition != 0 ? yes : no;
    }

    private long level(int depth) {
        if (depth == BINARY.size()) {
            return power();
        }
        long left = level(depth + 1);
        String operator = operator(depth);
        while (!operator.isEmpty()) {
            boolean skip =
                    (operator.equals("&&") && left == 0) || (operator.equals("||") && left != 0);
            skipping += skip ? 1 : 0;
            long right = level(depth + 1);
            left = binary(operator, left, right);
            skipping -= skip ? 1 : 0;
            operator = operator(depth);
        }
        return left;
    }

    private String operator(int depth) {
        blanks();
        for (String candidate : BINARY.get(depth)) {
            if (text.startsWith(candidate, at)) {
                char after =
                        at + candidate.length() < text.length()
                                ? text.charAt(at + candidate.length())
                                : ' ';
                boolean assigns = after == '=' && !candidate.endsWith("=");
                boolean doubled =
                        candidate.length() == 1
                                && "&|<>*".contains(candidate)
                                && after == candidate.charAt(0);
                boolean longer = assigns || doubled;
                if (!longer) {
                    at += candidate.length();
                    return candidate;
                }
            }
        }
        return "";
    }

    private long power() {
        long base = unary();
        if (take("**")) {
            long exponent = power();
            if (exponent < 0) {
                throw bad("exponent less than 0");
            }
            long value = 1;
            for (long i = 0; i < exponent; i++) {
                value *= base;
            }
            return value;
        }
        return base;
    }

    private long unary() {
        blanks();
        if (take("++") || take("--")) {
            long step = text.charAt(at - 1) == '+' ? 1 : -1;
            blanks();
            String name = name();
            if (name.isEmpty()) {
                return step * step * unary();
            }
            store(name, variable(name) + step);
            return variable(name);
        }
        if (take("!")) {
            return unary() == 0 ? 1 : 0;
        }
        if (take("~")) {
            return ~unary();
        }
        if (take("-")) {
            return -unary();
        }
        if (take("+")) {
            return unary();
        }
        return primary();
    }

    private long primary() {
        blanks();
        if (take("(")) {
            long value = comma();
            if (!take(")")) {
                throw bad("\")\" is missing");
            }
            return value;
        }
        String name = name();
        if (!name.isEmpty()) {
            long value = variable(name);
            if (take("++")) {
                store(name, value + 1);
            } else if (take("--")) {
                store(name, value - 1);
            }
            return value;
        }
        return number();
    }

    private long number() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '#')) {
            at++;
        }
        String digits = text.substring(start, at);
        if (digits.isEmpty()) {
            throw bad("operand expected");
        }
        try {
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                return Long.parseLong(digits.substring(2), 16);
            }
            int hash = digits.indexOf('#');
            if (hash > 0) {
                return Long.parseLong(
                        digits.substring(hash + 1), Integer.parseInt(digits.substring(0, hash)));
            }
            return digits.length() > 1 && digits.startsWith("0")
                    ? Long.parseLong(digits, 8)
                    : Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw bad("\"" + digits + "\" is not a number");
        }
    }

    private long variable(String name) {
        String value = state.variables.getOrDefault(name, "");
        if (value.isBlank()) {
            return 0;
        }
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            if (value.equals(name)) {
                throw bad("expression recursion in " + name);
            }
            return new Arithmetic(state).evaluate(value);
        }
    }

    private void store(String name, long value) {
        if (skipping == 0) {
            state.assign(name, String.valueOf(value));
        }
    }

    private long binary(String operator, long a, long b) {
        return switch (operator) {
            case "||" -> a != 0 || b != 0 ? 1 : 0;
            case "&&" -> a != 0 && b != 0 ? 1 : 0;
            case "|" -> a | b;
            case "^" -> a ^ b;
            case "&" -> a & b;
            case "==" -> a == b ? 1 : 0;
            case "!=" -> a != b ? 1 : 0;
            case "<=" -> a <= b ? 1 : 0;
            case ">=" -> a >= b ? 1 : 0;
            case "<" -> a < b ? 1 : 0;
            case ">" -> a > b ? 1 : 0;
            case "<<" -> a << b;
            case ">>" -> a >> b;
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            default -> divide(operator, a, b);
        };
    }

    private long divide(String operator, long a, long b) {
        if (b == 0) {
            if (skipping > 0) {
                return 0;
            }
            throw bad("division by 0");
        }
        return operator.equals("/") ? a / b : a % b;
    }

    private String name() {
        int start = at;
        while (at < text.length()
                && (text.charAt(at) == '_'
                        || Character.isLetter(text.charAt(at))
                        || (at > start && Character.isDigit(text.charAt(at))))) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean take(String token) {
        blanks();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private ScriptException bad(String what) {
        return new ScriptException(text.strip() + ": " + what, true);
    }
}
