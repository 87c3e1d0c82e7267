package dev.meshdojo.gateway.codec;

/** What may stand in a request line and in Host, as Envoy's parser sees it. */
final class RequestTarget {

    private static final java.util.Set<String> METHODS =
            java.util.Set.of(
                    ("ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY"
                                    + " MKCALENDAR MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH POST"
                                    + " PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE"
                                    + " SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE")
                            .split(" "));
    private static final boolean[] HOST = new boolean[128];

    static {
        for (char c = '0'; c <= 'z'; c++) {
            HOST[c] = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c >= 'a';
        }
        for (char c : "!$%&'()*+,-.:;=@[]_~".toCharArray()) {
            HOST[c] = true;
        }
    }

    private RequestTarget() {}

    /** Whether more is waited for; the method itself is judged with its whole line. */
    static boolean mayBeginMethod(byte b) {
        return (b & 0xff) > ' ';
    }

    static boolean knownMethod(String method) {
        return METHODS.contains(method);
    }

    /** Whether every character of Host may stand in an authority. */
    static boolean validAuthority(String authority) {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c >= 128 || !HOST[c]) {
                return false;
            }
        }
        return true;
    }

    /** Origin form, asterisk, absolute form, or authority form for CONNECT. */
    static boolean valid(String target, boolean connect) {
        if (target.isEmpty()) {
            return false;
        }
        char first = target.charAt(0);
        if (first == '/' || first == '*') {
            return pathCharacters(target, 1);
        }
        int from = 0;
        if (!connect) {
            int scheme = target.indexOf("://");
            if (scheme <= 0 || !scheme(target, scheme)) {
                return false;
            }
            from = scheme + 3;
        }
        int path = from;
        while (path < target.length() && target.charAt(path) != '/' && target.charAt(path) != '?') {
            path++;
        }
        String host = target.substring(from, path);
        return validAuthority(host) && !host.contains("@@") && pathCharacters(target, path);
    }

    private static boolean scheme(String target, int end) {
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (i == 0 || !((c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0))) {
                return false;
            }
        }
        return true;
    }

    private static boolean pathCharacters(String target, int from) {
        for (int i = from; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c < '!' || c > '~') {
                return false;
            }
        }
        return true;
    }
}
