package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Word;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values of parameters and the operators inside {@code ${…}}. */
final class Parameters {

    private final ShellState state;
    private final int shellPid;
    private final Expander expander;

    Parameters(ShellState state, int shellPid, Expander expander) {
        this.state = state;
        this.shellPid = shellPid;
        this.expander = expander;
    }

    @Nullable String value(String name) {
        return switch (name) {
            case "?" -> String.valueOf(state.status);
            case "$" -> String.valueOf(shellPid);
            case "!" -> state.lastBackground == 0 ? null : String.valueOf(state.lastBackground);
            case "#" -> String.valueOf(state.positional.size());
            case "@", "*" -> state.positional.isEmpty() ? null : String.join(" ", state.positional);
            case "-" ->
                    state.options.stream()
                            .filter(o -> o.letter != '\0')
                            .map(o -> String.valueOf(o.letter))
                            .sorted()
                            .collect(Collectors.joining());
            case "0" -> state.name;
            case "RANDOM" ->
                    String.valueOf(java.util.concurrent.ThreadLocalRandom.current().nextInt(32768));
            default -> {
                if (Character.isDigit(name.charAt(0))) {
                    int index = Integer.parseInt(name);
                    yield index <= state.positional.size() ? state.positional.get(index - 1) : null;
                }
                yield state.variables.get(name);
            }
        };
    }

    /** The value after the operator; those with alternatives have been dealt with. */
    String apply(Word.Parameter parameter, @Nullable String value, boolean unset) {
        String operator = parameter.operator();
        if (operator.endsWith("?") && unset) {
            String message = expander.text(parameter.argument(), "");
            throw new ScriptException(
                    parameter.name()
                            + ": "
                            + (message.isEmpty() ? "parameter null or not set" : message),
                    true);
        }
        boolean special = "?$!#@*-0".contains(parameter.name());
        if (value == null
                && state.has(ShellState.Option.NOUNSET)
                && !special
                && checksUnset(operator)) {
            throw new ScriptException(parameter.name() + ": unbound variable", true);
        }
        String text = value == null ? "" : value;
        Word argument = parameter.argument();
        return switch (operator) {
            case "length" ->
                    String.valueOf(
                            parameter.name().equals("@") || parameter.name().equals("*")
                                    ? state.positional.size()
                                    : text.codePointCount(0, text.length()));
            case "%", "%%" -> withoutSuffix(text, argument, operator.equals("%%"));
            case "#", "##" -> withoutPrefix(text, argument, operator.equals("##"));
            case "/", "//", "/#", "/%" -> replace(text, operator, parameter);
            case "^" ->
                    text.isEmpty()
                            ? ""
                            : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
            case "^^" -> text.toUpperCase(Locale.ROOT);
            case "," ->
                    text.isEmpty()
                            ? ""
                            : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
            case ",," -> text.toLowerCase(Locale.ROOT);
            case ":" -> slice(text, parameter);
            case ":+", "+" -> "";
            default -> text;
        };
    }

    private static boolean checksUnset(String operator) {
        return !operator.endsWith("-") && !operator.endsWith("+") && !operator.endsWith("=");
    }

    private String withoutPrefix(String text, @Nullable Word argument, boolean longest) {
        String pattern = argument == null ? "" : expander.pattern(argument);
        for (int i = 0; i <= text.length(); i++) {
            int end = longest ? text.length() - i : i;
            if (GlobPattern.matches(pattern, text.substring(0, end))) {
                return text.substring(end);
            }
        }
        return text;
    }

    private String withoutSuffix(String text, @Nullable Word argument, boolean longest) {
        String pattern = argument == null ? "" : expander.pattern(argument);
        for (int i = 0; i <= text.length(); i++) {
            int start = longest ? i : text.length() - i;
            if (GlobPattern.matches(pattern, text.substring(start))) {
                return text.substring(0, start);
            }
        }
        return text;
    }

    private String replace(String text, String operator, Word.Parameter parameter) {
        Word argument = parameter.argument();
        String pattern = argument == null ? "" : expander.pattern(argument);
        if (pattern.isEmpty()) {
            return text;
        }
        String regex = GlobPattern.regex(pattern);
        String by = Matcher.quoteReplacement(expander.text(parameter.replacement(), ""));
        return switch (operator) {
            case "//" -> Pattern.compile(regex, Pattern.DOTALL).matcher(text).replaceAll(by);
            case "/#" ->
                    Pattern.compile("^" + regex, Pattern.DOTALL).matcher(text).replaceFirst(by);
            case "/%" ->
                    Pattern.compile(regex + "$", Pattern.DOTALL).matcher(text).replaceFirst(by);
            default -> Pattern.compile(regex, Pattern.DOTALL).matcher(text).replaceFirst(by);
        };
    }

    private String slice(String text, Word.Parameter parameter) {
        Arithmetic arithmetic = new Arithmetic(state);
        int length = text.length();
        int from = (int) arithmetic.evaluate(expander.text(parameter.argument(), "0"));
        if (from < 0) {
            from += length;
        }
        if (from < 0 || from > length) {
            return "";
        }
        int to = length;
        if (parameter.replacement() != null) {
            int count = (int) arithmetic.evaluate(expander.text(parameter.replacement()));
            to = count < 0 ? length + count : Math.min(length, from + count);
        }
        return to < from ? "" : text.substring(from, to);
    }
}
