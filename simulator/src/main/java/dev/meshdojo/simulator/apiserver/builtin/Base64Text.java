package dev.meshdojo.simulator.apiserver.builtin;

/** Standard base64 with padding, checked as Go's decoder checks it. */
final class Base64Text {

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Base64Text() {}

    /**
     * @throws GoTypeException naming the first bad byte
     */
    static void check(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                continue;
            }
            if (c == '=') {
                checkPadding(text, i, digits % 4);
                return;
            }
            if (ALPHABET.indexOf(c) < 0) {
                throw illegal(i);
            }
            digits++;
        }
        if (digits % 4 != 0) {
            throw illegal(text.length() - digits % 4);
        }
    }

    private static void checkPadding(String text, int at, int inQuantum) {
        if (inQuantum < 2) {
            throw illegal(at);
        }
        int next = skipLines(text, at + 1);
        if (inQuantum == 2) {
            if (next == text.length()) {
                throw illegal(text.length());
            }
            if (text.charAt(next) != '=') {
                throw illegal(next);
            }
            next = skipLines(text, next + 1);
        }
        if (next < text.length()) {
            throw illegal(next);
        }
    }

    private static int skipLines(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
            at++;
        }
        return at;
    }

    private static GoTypeException illegal(int at) {
        return new GoTypeException("illegal base64 data at input byte " + at);
    }
}
