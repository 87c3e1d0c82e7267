package dev.meshdojo.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Comma-separated header values. */
public final class Tokens {

    /** What Connection may name besides header names. */
    static final Set<String> HOP_BY_HOP =
            Set.of("close", "keep-alive", "upgrade", "http2-settings", "proxy-connection", "");

    private Tokens() {}

    /** The tokens of one value, lower-case, without blanks around. */
    public static List<String> split(String value) {
        List<String> tokens = new ArrayList<>(2);
        int start = 0;
        while (start <= value.length()) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            tokens.add(value.substring(start, end).trim().toLowerCase(Locale.ROOT));
            start = end + 1;
        }
        return tokens;
    }

    /** Whether any of the values has that token, in any letter case. */
    public static boolean anyIs(List<String> values, String token) {
        for (String value : values) {
            if (value.equalsIgnoreCase(token) || split(value).contains(token)) {
                return true;
            }
        }
        return false;
    }
}
