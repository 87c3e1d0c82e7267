package dev.meshdojo.gateway.filter.jwt;

import dev.meshdojo.gateway.stream.RequestHead;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in a request where a token may be. */
sealed interface TokenLocation {

    /** The text found there that shall be a token; null when the place is empty. */
    @Nullable String find(RequestHead request);

    /** Takes the token out of the request. */
    void remove(RequestHead request);

    /** A header's value, behind a prefix that may be empty. */
    record Header(String name, String prefix) implements TokenLocation {
        @Override
        public @Nullable String find(RequestHead request) {
            String value = request.headers().joined(name);
            if (value == null || prefix.isEmpty()) {
                return value;
            }
            int start = value.indexOf(prefix);
            return start < 0 ? null : tokenIn(value, start + prefix.length());
        }

        /** The first run of characters that a token may have, from {@code from} on. */
        private static String tokenIn(String value, int from) {
            int start = from;
            while (start < value.length() && !tokenCharacter(value.charAt(start))) {
                start++;
            }
            if (start == value.length()) {
                return value;
            }
            int end = start;
            while (end < value.length() && tokenCharacter(value.charAt(end))) {
                end++;
            }
            return value.substring(start, end);
        }

        private static boolean tokenCharacter(char c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
        }

        @Override
        public void remove(RequestHead request) {
            request.headers().remove(name);
        }
    }

    /** A query parameter's first value. */
    record Parameter(String name) implements TokenLocation {
        @Override
        public @Nullable String find(RequestHead request) {
            for (String pair : pairs(request)) {
                if (name(pair).equals(name)) {
                    int equals = pair.indexOf('=');
                    return decode(equals < 0 ? "" : pair.substring(equals + 1));
                }
            }
            return null;
        }

        @Override
        public void remove(RequestHead request) {
            List<String> kept = new ArrayList<>();
            for (String pair : pairs(request)) {
                if (!name(pair).equals(name)) {
                    kept.add(pair);
                }
            }
            String path = request.pathWithoutQuery();
            request.path(kept.isEmpty() ? path : path + "?" + String.join("&", kept));
        }

        private static List<String> pairs(RequestHead request) {
            int query = request.path().indexOf('?');
            return query < 0 ? List.of() : List.of(request.path().substring(query + 1).split("&"));
        }

        private static String name(String pair) {
            int equals = pair.indexOf('=');
            return decode(equals < 0 ? pair : pair.substring(0, equals));
        }

        private static String decode(String text) {
            try {
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return text;
            }
        }
    }

    /** A cookie's value; never taken out. */
    record Cookie(String name) implements TokenLocation {
        @Override
        public @Nullable String find(RequestHead request) {
            for (String line : request.headers().all("cookie")) {
                for (String pair : line.split(";")) {
                    int equals = pair.indexOf('=');
                    if (equals > 0 && pair.substring(0, equals).trim().equals(name)) {
                        String value = pair.substring(equals + 1).trim();
                        boolean quoted =
                                value.length() > 1
                                        && value.startsWith("\"")
                                        && value.endsWith("\"");
                        return quoted ? value.substring(1, value.length() - 1) : value;
                    }
                }
            }
            return null;
        }

        @Override
        public void remove(RequestHead request) {}
    }
}
