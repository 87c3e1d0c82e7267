package dev.meshdojo.simulator.shell.command.text;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** POSIX basic and extended regular expressions in Java's notation. */
final class PosixRegex {

    private PosixRegex() {}

    static Pattern compile(String expression, boolean extended, boolean ignoreCase) {
        try {
            return Pattern.compile(
                    translate(expression, extended), ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
        } catch (PatternSyntaxException e) {
            throw new UsageException(
                    2, "bad regular expression '" + expression + "': " + e.getDescription());
        }
    }

    private static String translate(String expression, boolean extended) {
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < expression.length()) {
            char c = expression.charAt(i);
            if (c == '[') {
                i = bracket(expression, i, regex);
                continue;
            }
            if (c == '\\' && i + 1 < expression.length()) {
                escaped(expression.charAt(i + 1), extended, regex);
                i += 2;
                continue;
            }
            if (!extended && "+?|(){}".indexOf(c) >= 0) {
                regex.append('\\').append(c);
            } else if (c == '*' && (regex.isEmpty() || regex.toString().endsWith("("))) {
                regex.append("\\*");
            } else if (extended
                    && c == '{'
                    && !expression.substring(i).matches("(?s)\\{\\d+(,\\d*)?}.*")) {
                regex.append("\\{");
            } else {
                regex.append(c);
            }
            i++;
        }
        return regex.toString();
    }

    private static void escaped(char c, boolean extended, StringBuilder regex) {
        if (!extended && "+?|(){}".indexOf(c) >= 0) {
            regex.append(c);
        } else if (c == '<' || c == '>') {
            regex.append("\\b");
        } else if (Character.isLetter(c) && "wWsSbBdDnt".indexOf(c) < 0) {
            regex.append(c);
        } else {
            regex.append('\\').append(c);
        }
    }

    private static int bracket(String expression, int open, StringBuilder regex) {
        int i = open + 1;
        if (i < expression.length() && expression.charAt(i) == '^') {
            i++;
        }
        if (i < expression.length() && expression.charAt(i) == ']') {
            i++;
        }
        while (i < expression.length() && expression.charAt(i) != ']') {
            boolean named = expression.startsWith("[:", i);
            i = named ? expression.indexOf(":]", i) + 2 : i + 1;
        }
        if (i >= expression.length()) {
            throw new UsageException(2, "Unmatched [, [^, [:, [., or [=");
        }
        String body = expression.substring(open + 1, i);
        boolean negated = body.startsWith("^");
        String inner = negated ? body.substring(1) : body;
        regex.append('[')
                .append(negated ? "^" : "")
                .append(
                        inner.replace("\\", "\\\\")
                                .replace("[:alpha:]", "\\p{Alpha}")
                                .replace("[:digit:]", "\\d")
                                .replace("[:alnum:]", "\\p{Alnum}")
                                .replace("[:space:]", "\\s")
                                .replace("[:blank:]", " \\t")
                                .replace("[:upper:]", "\\p{Upper}")
                                .replace("[:lower:]", "\\p{Lower}")
                                .replace("[:punct:]", "\\p{Punct}")
                                .replace("[:xdigit:]", "\\p{XDigit}")
                                .replace("[", "\\[")
                                .replace("]", "\\]")
                                .replace("&&", "&\\&"))
                .append(']');
        return i + 1;
    }
}
