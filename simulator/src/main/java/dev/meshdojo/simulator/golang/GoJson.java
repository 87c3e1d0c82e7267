package dev.meshdojo.simulator.golang;

/**
 * The error texts of Go's {@code encoding/json} for texts that are no JSON. Walks the text as Go's
 * scanner does and stops at the first byte that cannot continue a value.
 */
public final class GoJson {

    private static final String END = "unexpected end of JSON input";
    private static final String STREAM_END = "unexpected EOF";
    private static final String VALUE = "looking for beginning of value";

    private final String text;
    private int at;

    private GoJson(String text) {
        this.text = text;
    }

    /** What is wrong, empty when the text is one JSON value. */
    public static String error(String text) {
        GoJson scanner = new GoJson(text);
        try {
            scanner.value();
            scanner.blanks();
            if (scanner.at < text.length()) {
                throw scanner.unexpected("after top-level value");
            }
            return "";
        } catch (Malformed e) {
            return e.text;
        }
    }

    /**
     * What a decoder of a stream says of its first value, empty when that is well formed; whatever
     * follows is not looked at.
     */
    public static String firstValueError(String text) {
        if (text.isBlank()) {
            return "EOF";
        }
        GoJson scanner = new GoJson(text);
        try {
            scanner.value();
            return "";
        } catch (Malformed e) {
            return e.text.equals(END) ? STREAM_END : e.text;
        }
    }

    private void value() throws Malformed {
        char c = next(VALUE);
        switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> {
                at--;
                number();
            }
        }
    }

    private void object() throws Malformed {
        blanks();
        if (peek() == '}') {
            at++;
            return;
        }
        while (true) {
            blanks();
            if (at < text.length() && peek() != '"') {
                throw unexpected("looking for beginning of object key string");
            }
            next("");
            string();
            if (next("after object key") != ':') {
                throw before("after object key");
            }
            value();
            char end = next("after object key:value pair");
            if (end == '}') {
                return;
            }
            if (end != ',') {
                throw before("after object key:value pair");
            }
        }
    }

    private void array() throws Malformed {
        blanks();
        if (peek() == ']') {
            at++;
            return;
        }
        while (true) {
            value();
            char end = next("after array element");
            if (end == ']') {
                return;
            }
            if (end != ',') {
                throw before("after array element");
            }
        }
    }

    private void string() throws Malformed {
        while (true) {
            char c = raw();
            if (c == '"') {
                return;
            }
            if (c < ' ') {
                throw before("in string literal");
            }
            if (c == '\\') {
                escape();
            }
        }
    }

    private void escape() throws Malformed {
        char c = raw();
        if (c == 'u') {
            for (int i = 0; i < 4; i++) {
                if (Character.digit(raw(), 16) < 0) {
                    throw before("in \\u hexadecimal character escape");
                }
            }
        } else if ("bfnrt\\/\"".indexOf(c) < 0) {
            throw before("in string escape code");
        }
    }

    private void literal(String word) throws Malformed {
        for (int i = 1; i < word.length(); i++) {
            if (raw() != word.charAt(i)) {
                throw before("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
        }
    }

    private void number() throws Malformed {
        boolean negative = peek() == '-';
        if (negative) {
            at++;
        }
        if (!isDigit(peek())) {
            throw failed(negative ? "in numeric literal" : VALUE);
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (peek() == '.') {
            at++;
            if (!isDigit(peek())) {
                throw failed("after decimal point in numeric literal");
            }
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            if (!isDigit(peek())) {
                throw failed("in exponent of numeric literal");
            }
            digits();
        }
    }

    private void digits() {
        while (isDigit(peek())) {
            at++;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private char next(String where) throws Malformed {
        blanks();
        if (at == text.length()) {
            throw new Malformed(END);
        }
        char c = text.charAt(at++);
        if (where.equals(VALUE) && "{[\"-0123456789tfn".indexOf(c) < 0) {
            throw before(VALUE);
        }
        return c;
    }

    private char raw() throws Malformed {
        if (at == text.length()) {
            throw new Malformed(END);
        }
        return text.charAt(at++);
    }

    private Malformed failed(String where) {
        return at < text.length() ? unexpected(where) : new Malformed(END);
    }

    private Malformed before(String where) {
        at--;
        return unexpected(where);
    }

    private Malformed unexpected(String where) {
        char c = text.charAt(at);
        String quoted =
                switch (c) {
                    case '\'' -> "'\\''";
                    case '"' -> "'\"'";
                    default -> {
                        String go = GoText.quote(String.valueOf(c));
                        yield "'" + go.substring(1, go.length() - 1) + "'";
                    }
                };
        return new Malformed("invalid character " + quoted + " " + where);
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        private final String text;

        Malformed(String text) {
            super(text, null, false, false);
            this.text = text;
        }
    }
}
