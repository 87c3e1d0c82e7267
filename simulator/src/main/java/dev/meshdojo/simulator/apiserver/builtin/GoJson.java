package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What Go's JSON decoder says about texts that are no JSON. */
public final class GoJson {

    private static final String BEGINNING = "looking for beginning of value";

    private final String text;
    private int at;

    private GoJson(String text) {
        this.text = text;
    }

    /** The first syntax error, or null when the text is JSON. */
    public static @Nullable String problem(String text) {
        GoJson scanner = new GoJson(text);
        try {
            scanner.skipBlanks();
            scanner.value();
            scanner.skipBlanks();
            if (scanner.at < text.length()) {
                throw scanner.unexpected("after top-level value");
            }
            return null;
        } catch (SyntaxException e) {
            return e.getMessage();
        }
    }

    /** What Go says when the text is a value of another type than an object. */
    public static String notAnObject(JsonNode value) {
        String kind =
                switch (value.getNodeType()) {
                    case ARRAY -> "array";
                    case BOOLEAN -> "bool";
                    case NUMBER -> "number";
                    default -> "string";
                };
        return "json: cannot unmarshal " + kind + " into Go value of type map[string]interface {}";
    }

    private static final class SyntaxException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SyntaxException(String message) {
            super(message, null, false, false);
        }
    }

    private SyntaxException unexpected(String context) {
        if (at >= text.length()) {
            return new SyntaxException("unexpected end of JSON input");
        }
        char found = text.charAt(at);
        String shown =
                switch (found) {
                    case '\'' -> "'\\''";
                    case '"' -> "'\"'";
                    case '\n' -> "'\\n'";
                    case '\t' -> "'\\t'";
                    case '\r' -> "'\\r'";
                    case '\\' -> "'\\\\'";
                    default ->
                            found < ' '
                                    ? String.format(java.util.Locale.ROOT, "'\\x%02x'", (int) found)
                                    : "'" + found + "'";
                };
        return new SyntaxException("invalid character " + shown + " " + context);
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek(String context) {
        if (at >= text.length()) {
            throw unexpected(context);
        }
        return text.charAt(at);
    }

    private void value() {
        switch (peek(BEGINNING)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected(BEGINNING);
        }
    }

    private void object() {
        at++;
        skipBlanks();
        if (peek("looking for beginning of object key string") == '}') {
            at++;
            return;
        }
        while (true) {
            if (peek("looking for beginning of object key string") != '"') {
                throw unexpected("looking for beginning of object key string");
            }
            string();
            skipBlanks();
            if (peek("after object key") != ':') {
                throw unexpected("after object key");
            }
            at++;
            skipBlanks();
            value();
            skipBlanks();
            char next = peek("after object key:value pair");
            if (next == '}') {
                at++;
                return;
            }
            if (next != ',') {
                throw unexpected("after object key:value pair");
            }
            at++;
            skipBlanks();
        }
    }

    private void array() {
        at++;
        skipBlanks();
        if (peek(BEGINNING) == ']') {
            at++;
            return;
        }
        while (true) {
            value();
            skipBlanks();
            char next = peek("after array element");
            if (next == ']') {
                at++;
                return;
            }
            if (next != ',') {
                throw unexpected("after array element");
            }
            at++;
            skipBlanks();
        }
    }

    private void string() {
        at++;
        while (true) {
            char next = peek("in string literal");
            if (next == '"') {
                at++;
                return;
            }
            if (next < ' ') {
                throw unexpected("in string literal");
            }
            at++;
            if (next == '\\') {
                escape();
            }
        }
    }

    private void escape() {
        char next = peek("in string escape code");
        if ("bfnrt\\/\"".indexOf(next) >= 0) {
            at++;
            return;
        }
        if (next != 'u') {
            throw unexpected("in string escape code");
        }
        at++;
        for (int i = 0; i < 4; i++) {
            if (Character.digit(peek("in \\u hexadecimal character escape"), 16) < 0) {
                throw unexpected("in \\u hexadecimal character escape");
            }
            at++;
        }
    }

    private void literal(String word) {
        for (int i = 1; i < word.length(); i++) {
            at++;
            char wanted = word.charAt(i);
            String context = "in literal " + word + " (expecting '" + wanted + "')";
            if (peek(context) != wanted) {
                throw unexpected(context);
            }
        }
        at++;
    }

    private void number() {
        if (text.charAt(at) == '-') {
            at++;
        }
        if (!Character.isDigit(peek("in numeric literal"))) {
            throw unexpected("in numeric literal");
        }
        boolean zero = text.charAt(at) == '0';
        at++;
        while (!zero && isDigit()) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits("after decimal point in numeric literal");
        }
        if (at < text.length() && "eE".indexOf(text.charAt(at)) >= 0) {
            at++;
            if (at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            digits("in exponent of numeric literal");
        }
    }

    private boolean isDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private void digits(String context) {
        peek(context);
        if (!isDigit()) {
            throw unexpected(context);
        }
        while (isDigit()) {
            at++;
        }
    }
}
