package dev.meshdojo.gateway.http;

import org.jspecify.annotations.Nullable;

/**
 * Brings paths into one form: dot segments resolved, backslashes turned, unreserved escapes
 * decoded. Queries stay as they are.
 *
 * <p>Source: Envoy's {@code normalize_path}, which is Chromium's URL canonicalization.
 */
final class PathNormalizer {

    private PathNormalizer() {}

    /** The normalised path and query; null when the path cannot be normalised. */
    static @Nullable String normalize(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        int end = query < 0 ? pathAndQuery.length() : query;
        if (clean(pathAndQuery, end)) {
            return pathAndQuery;
        }
        StringBuilder out = new StringBuilder(pathAndQuery.length());
        int i = 0;
        while (i < end) {
            char c = pathAndQuery.charAt(i);
            int dot = dot(pathAndQuery, i, end);
            if (dot > 0 && !out.isEmpty() && out.charAt(out.length() - 1) == '/') {
                int after = i + dot;
                int second = dot(pathAndQuery, after, end);
                if (after == end || slash(pathAndQuery.charAt(after))) {
                    i = Math.min(end, after + 1);
                    continue;
                }
                int afterSecond = after + second;
                if (second > 0 && (afterSecond == end || slash(pathAndQuery.charAt(afterSecond)))) {
                    up(out);
                    i = Math.min(end, afterSecond + 1);
                    continue;
                }
                out.append('.');
                i = after;
            } else if (c == '\\') {
                out.append('/');
                i++;
            } else if (c == '%') {
                int value = escape(pathAndQuery, i, end);
                if (value == 0) {
                    return null;
                }
                if (value > 0 && unreserved((char) value)) {
                    out.append((char) value);
                } else {
                    out.append(pathAndQuery, i, value < 0 ? i + 1 : i + 3);
                }
                i += value < 0 ? 1 : 3;
            } else if (needsEscape(c)) {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
                i++;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.append(pathAndQuery, end, pathAndQuery.length()).toString();
    }

    private static boolean clean(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '\\' || needsEscape(c)) {
                return false;
            }
            if (c == '.' && text.charAt(Math.max(0, i - 1)) == '/') {
                return false;
            }
        }
        return true;
    }

    private static boolean slash(char c) {
        return c == '/' || c == '\\';
    }

    /** The length of a dot, plain or escaped, at this place; 0 when there is none. */
    private static int dot(String text, int at, int end) {
        if (at >= end) {
            return 0;
        }
        if (text.charAt(at) == '.') {
            return 1;
        }
        return escape(text, at, end) == '.' ? 3 : 0;
    }

    /** The byte of an escape at this place; -1 when there is none. */
    private static int escape(String text, int at, int end) {
        if (at + 2 >= end || text.charAt(at) != '%') {
            return -1;
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static boolean unreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static boolean needsEscape(char c) {
        return c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '^' || c == '`'
                || c == '{' || c == '|' || c == '}';
    }

    private static void up(StringBuilder out) {
        int slash = out.length() - 1;
        if (slash == 0) {
            return;
        }
        int previous = slash - 1;
        while (previous > 0 && out.charAt(previous) != '/') {
            previous--;
        }
        out.setLength(previous + 1);
    }

    /** Makes one slash of several in a row. */
    static String mergeSlashes(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        int end = query < 0 ? pathAndQuery.length() : query;
        StringBuilder out = new StringBuilder(pathAndQuery.length());
        for (int i = 0; i < end; i++) {
            char c = pathAndQuery.charAt(i);
            if (c != '/' || out.isEmpty() || out.charAt(out.length() - 1) != '/') {
                out.append(c);
            }
        }
        return out.append(pathAndQuery, end, pathAndQuery.length()).toString();
    }

    /** Turns escaped slashes and backslashes into plain ones. */
    static String unescapeSlashes(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        int end = query < 0 ? pathAndQuery.length() : query;
        StringBuilder out = new StringBuilder(pathAndQuery.length());
        for (int i = 0; i < end; i++) {
            int value = escape(pathAndQuery, i, end);
            if (value == '/' || value == '\\') {
                out.append((char) value);
                i += 2;
            } else {
                out.append(pathAndQuery.charAt(i));
            }
        }
        return out.append(pathAndQuery, end, pathAndQuery.length()).toString();
    }
}
