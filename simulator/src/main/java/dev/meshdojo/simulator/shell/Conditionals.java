package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * {@code [[ … ]]}: {@code && || ! ( )}, patterns behind {@code ==}, expressions behind {@code =~}.
 */
final class Conditionals {

    private final ShellState state;
    private final Expander expander;
    private final FileTests tests;
    private List<Word> words = List.of();
    private int at;
    private boolean skipping;

    Conditionals(ShellState state, Expander expander) {
        this.state = state;
        this.expander = expander;
        this.tests = new FileTests(state);
    }

    boolean evaluate(List<Word> expression) {
        words = new ArrayList<>(expression);
        at = 0;
        skipping = false;
        if (expression.isEmpty()) {
            throw new ScriptException("[[: expression expected");
        }
        boolean result = or();
        if (at < words.size()) {
            throw new ScriptException(
                    "[[: unexpected argument \"" + expander.text(words.get(at)) + "\"");
        }
        return result;
    }

    private boolean or() {
        boolean left = and();
        while (take("||")) {
            boolean before = skipping;
            skipping |= left;
            boolean right = and();
            skipping = before;
            left = left || right;
        }
        return left;
    }

    private boolean and() {
        boolean left = not();
        while (take("&&")) {
            boolean before = skipping;
            skipping |= !left;
            boolean right = not();
            skipping = before;
            left = left && right;
        }
        return left;
    }

    private boolean not() {
        if (take("!")) {
            return !not();
        }
        if (take("(")) {
            boolean inner = or();
            if (!take(")")) {
                throw new ScriptException("[[: \")\" is missing");
            }
            return inner;
        }
        return primary();
    }

    private boolean primary() {
        Word first = next();
        String plain = first.plain();
        String operator = at < words.size() ? words.get(at).plain() : null;
        if (operator != null && FileTests.isBinary(operator)) {
            at++;
            Word right = next();
            return !skipping && binary(expander.text(first), operator, right);
        }
        if (plain != null && FileTests.isUnary(plain) && at < words.size() && !isJoint(operator)) {
            Word operand = next();
            return !skipping && tests.unary(plain, expander.text(operand));
        }
        return !skipping && !expander.text(first).isEmpty();
    }

    private static boolean isJoint(@Nullable String operator) {
        return "&&".equals(operator) || "||".equals(operator) || ")".equals(operator);
    }

    private boolean binary(String left, String operator, Word right) {
        return switch (operator) {
            case "==", "=" -> GlobPattern.matches(expander.pattern(right), left);
            case "!=" -> !GlobPattern.matches(expander.pattern(right), left);
            case "=~" -> regex(left, expander.text(right));
            case "-eq", "-ne", "-lt", "-le", "-gt", "-ge" ->
                    FileTests.compare(
                            new Arithmetic(state).evaluate(left),
                            operator,
                            new Arithmetic(state).evaluate(expander.text(right)));
            default -> tests.binary(left, operator, expander.text(right));
        };
    }

    private static boolean regex(String text, String expression) {
        try {
            Matcher matcher = Pattern.compile(expression, Pattern.DOTALL).matcher(text);
            return matcher.find();
        } catch (PatternSyntaxException e) {
            throw new ScriptException(
                    "[[: bad regular expression " + expression + ": " + e.getDescription());
        }
    }

    private boolean take(String token) {
        if (at < words.size() && token.equals(words.get(at).plain())) {
            at++;
            return true;
        }
        return false;
    }

    private Word next() {
        if (at >= words.size()) {
            throw new ScriptException("[[: argument expected");
        }
        return words.get(at++);
    }
}
