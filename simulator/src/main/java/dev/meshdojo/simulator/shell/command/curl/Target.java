package dev.meshdojo.simulator.shell.command.curl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A URL taken apart.
 *
 * @param scheme {@code http} or {@code https}
 * @param host as given; no brackets around IPv6
 * @param port given or usual
 * @param portGiven whether the port stands in the URL
 * @param target path and query as sent
 * @param userInfo {@code user:password}, empty for none
 */
record Target(
        String scheme, String host, int port, boolean portGiven, String target, String userInfo) {

    static Target parse(String text, boolean asIs) throws CurlException {
        String url = text.matches("(?i)[a-z][a-z0-9+.-]*://.*") ? text : "http://" + text;
        int colon = url.indexOf("://");
        String scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new CurlException(
                    1, "Protocol \"" + scheme + "\" not supported or disabled in libcurl");
        }
        String rest = url.substring(colon + 3);
        int fragment = rest.indexOf('#');
        rest = fragment < 0 ? rest : rest.substring(0, fragment);
        int slash = rest.length();
        for (int i = 0; i < rest.length(); i++) {
            if (rest.charAt(i) == '/' || rest.charAt(i) == '?') {
                slash = i;
                break;
            }
        }
        String authority = rest.substring(0, slash);
        String target = rest.substring(slash);
        if (target.contains(" ")) {
            throw new CurlException(3, "URL using bad/illegal format or missing URL");
        }
        String path = target.startsWith("/") ? target : "/" + target;
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? "" : authority.substring(0, at);
        authority = authority.substring(at + 1);
        String host = authority;
        String port = "";
        int bracket = authority.indexOf(']');
        int portColon = authority.indexOf(':', Math.max(0, bracket));
        if (portColon >= 0) {
            host = authority.substring(0, portColon);
            port = authority.substring(portColon + 1);
        }
        host = host.replaceAll("^\\[|]$", "");
        if (host.isEmpty() || (!port.isEmpty() && !port.matches("\\d{1,5}"))) {
            throw new CurlException(3, "URL using bad/illegal format or missing URL");
        }
        int number = port.isEmpty() ? (scheme.equals("https") ? 443 : 80) : Integer.parseInt(port);
        return new Target(
                scheme, host, number, !port.isEmpty(), asIs ? path : normalized(path), userInfo);
    }

    /** Takes dot segments out, as curl does without {@code --path-as-is}. */
    private static String normalized(String target) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        if (!path.contains("/.")) {
            return target;
        }
        List<String> kept = new ArrayList<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            boolean last = i == segments.length - 1;
            if (segment.equals("..")) {
                if (!kept.isEmpty()) {
                    kept.removeLast();
                }
                if (last) {
                    kept.add("");
                }
            } else if (segment.equals(".")) {
                if (last) {
                    kept.add("");
                }
            } else {
                kept.add(segment);
            }
        }
        return "/" + String.join("/", kept) + (question < 0 ? "" : target.substring(question));
    }

    boolean secure() {
        return scheme.equals("https");
    }

    /** The Host header. */
    String hostHeader() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        boolean usual = port == (secure() ? 443 : 80);
        return usual ? shown : shown + ":" + port;
    }

    String url() {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return scheme + "://" + shown + (portGiven ? ":" + port : "") + target;
    }
}
