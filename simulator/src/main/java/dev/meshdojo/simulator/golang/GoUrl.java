package dev.meshdojo.simulator.golang;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A URL as Go's {@code net/url} reads it. Immutable.
 *
 * @param scheme in lower case; empty when there is none
 * @param host host and port as written, without user; empty when there is none
 * @param path the path as written; empty when there is none
 */
public record GoUrl(String scheme, String host, String path) {

    private static final String HOST_MARKS = "!$&'()*+,;=:[]<>\"-_.~";

    /** A text that is no URL; the message is Go's, without the text itself. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** A URL, or why it is none; one of both is null. */
    private record Outcome(@Nullable GoUrl url, @Nullable String error) {}

    /** The error of {@code url.Parse}, empty when the text is a URL. */
    public static String parseError(String text) {
        String plain = text.contains("#") ? text.substring(0, text.indexOf('#')) : text;
        String error = read(plain, false).error();
        return error == null ? "" : "parse " + GoText.quote(plain) + ": " + error;
    }

    /** The error of {@code url.ParseRequestURI}, empty when the text is absolute or a path. */
    public static String requestError(String text) {
        String error = read(text, true).error();
        return error == null ? "" : "parse " + GoText.quote(text) + ": " + error;
    }

    /** The URL, null when the text is none. */
    public static @Nullable GoUrl of(String text) {
        return read(text.contains("#") ? text.substring(0, text.indexOf('#')) : text, false).url();
    }

    /** The host without its port and brackets. */
    public String hostname() {
        String bare = port().isEmpty() ? host : host.substring(0, host.lastIndexOf(':'));
        return bare.startsWith("[") && bare.endsWith("]")
                ? bare.substring(1, bare.length() - 1)
                : bare;
    }

    /** The port, empty when there is none. */
    public String port() {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.indexOf(']', colon) >= 0 ? "" : host.substring(colon + 1);
    }

    private static Outcome read(String text, boolean viaRequest) {
        try {
            return new Outcome(parse(text, viaRequest), null);
        } catch (Malformed e) {
            return new Outcome(null, e.getMessage());
        }
    }

    private static GoUrl parse(String text, boolean viaRequest) throws Malformed {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new Malformed("net/url: invalid control character in URL");
        }
        if (text.isEmpty() && viaRequest) {
            throw new Malformed("empty url");
        }
        if (text.equals("*")) {
            return new GoUrl("", "", "*");
        }
        String scheme = scheme(text);
        String rest = scheme.isEmpty() ? text : text.substring(scheme.length() + 1);
        rest = rest.contains("?") ? rest.substring(0, rest.indexOf('?')) : rest;
        if (!rest.startsWith("/")) {
            if (!scheme.isEmpty()) {
                return new GoUrl(scheme, "", "");
            }
            if (viaRequest) {
                throw new Malformed("invalid URI for request");
            }
            if (rest.split("/", -1)[0].contains(":")) {
                throw new Malformed("first path segment in URL cannot contain colon");
            }
        }
        String host = "";
        boolean authority = !scheme.isEmpty() || (!viaRequest && !rest.startsWith("///"));
        if (authority && rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            String written = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            rest = slash < 0 ? "" : rest.substring(slash);
            host = written.substring(written.lastIndexOf('@') + 1);
            checkHost(scheme, host);
        }
        checkEscapes(rest, false);
        return new GoUrl(scheme, host, rest);
    }

    private static String scheme(String text) throws Malformed {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (c == ':') {
                if (i == 0) {
                    throw new Malformed("missing protocol scheme");
                }
                return text.substring(0, i).toLowerCase(Locale.ROOT);
            }
            boolean later = (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0;
            if (!letter && (i == 0 || !later)) {
                return "";
            }
        }
        return "";
    }

    private static void checkHost(String scheme, String host) throws Malformed {
        int open = host.lastIndexOf('[');
        if (open > 0) {
            throw new Malformed("invalid IP-literal");
        }
        if (open == 0) {
            int close = host.lastIndexOf(']');
            if (close < 0) {
                throw new Malformed("missing ']' in host");
            }
            checkPort(host.substring(close + 1));
            String error = GoAddress.addressError(host.substring(1, close));
            if (!error.isEmpty()) {
                throw new Malformed("invalid host: " + error);
            }
            if (!host.contains(":")) {
                throw new Malformed("invalid IP-literal");
            }
            return;
        }
        if (host.contains(":")) {
            boolean web = scheme.equals("http") || scheme.equals("https");
            checkPort(host.substring(web ? host.indexOf(':') : host.lastIndexOf(':')));
        }
        checkEscapes(host, true);
    }

    private static void checkPort(String port) throws Malformed {
        if (!port.isEmpty() && !port.matches(":[0-9]*")) {
            throw new Malformed("invalid port " + GoText.quote(port) + " after host");
        }
    }

    private static void checkEscapes(String text, boolean host) throws Malformed {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                String escape = text.substring(i, Math.min(text.length(), i + 3));
                if (!escape.matches("%[0-9a-fA-F]{2}")
                        || (host && escape.charAt(1) < '8' && !escape.equals("%25"))) {
                    throw new Malformed("invalid URL escape " + GoText.quote(escape));
                }
                i += 2;
            } else if (host
                    && c < 0x80
                    && !Character.isLetterOrDigit(c)
                    && HOST_MARKS.indexOf(c) < 0) {
                throw new Malformed(
                        "invalid character " + GoText.quote(String.valueOf(c)) + " in host name");
            }
        }
    }
}
