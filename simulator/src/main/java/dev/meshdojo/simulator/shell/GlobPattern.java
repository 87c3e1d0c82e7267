package dev.meshdojo.simulator.shell;

import java.util.regex.Pattern;

/** Shell patterns: {@code *}, {@code ?}, {@code […]}; a backslash makes the next one plain. */
final class GlobPattern {

    private GlobPattern() {}

    static boolean isMagic(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || (c == '[' && pattern.indexOf(']', i + 2) > 0)) {
                return true;
            }
        }
        return false;
    }

    static boolean matches(String pattern, String text) {
        return Pattern.compile(regex(pattern), Pattern.DOTALL).matcher(text).matches();
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if ("*?[]\\".indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    static String regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i++);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '\\' -> {
                    if (i < pattern.length()) {
                        regex.append(Pattern.quote(String.valueOf(pattern.charAt(i++))));
                    }
                }
                case '[' -> i = bracket(pattern, i, regex);
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private static int bracket(String pattern, int from, StringBuilder regex) {
        int end = from;
        if (end < pattern.length() && (pattern.charAt(end) == '!' || pattern.charAt(end) == '^')) {
            end++;
        }
        end = pattern.indexOf(']', end + 1);
        if (end < 0) {
            regex.append("\\[");
            return from;
        }
        String body = pattern.substring(from, end);
        boolean negated = body.startsWith("!") || body.startsWith("^");
        if (negated) {
            body = body.substring(1);
        }
        String classes =
                body.replace("\\", "\\\\")
                        .replace("[:alpha:]", "\\p{Alpha}")
                        .replace("[:digit:]", "\\d")
                        .replace("[:alnum:]", "\\p{Alnum}")
                        .replace("[:space:]", "\\s")
                        .replace("[:upper:]", "\\p{Upper}")
                        .replace("[:lower:]", "\\p{Lower}")
                        .replace("[", "\\[")
                        .replace("&&", "&\\&");
        regex.append('[').append(negated ? "^" : "").append(classes).append(']');
        return end + 1;
    }
}
