package dev.meshdojo.simulator.shell.syntax;

/** {@code $'…'}: text with C escapes. */
final class AnsiQuote {

    private AnsiQuote() {}

    /** Reads from the opening quote to behind the closing one. */
    static String read(Source source) {
        int start = source.offset();
        source.next();
        StringBuilder text = new StringBuilder();
        while (source.peek() != '\'') {
            if (source.atEnd()) {
                throw new ShellSyntaxException(
                        source,
                        start,
                        "the script ends inside the $' that opens here",
                        "Close it with '");
            }
            char c = source.next();
            if (c == '\\') {
                escape(source, text);
            } else {
                text.append(c);
            }
        }
        source.next();
        return text.toString();
    }

    private static void escape(Source source, StringBuilder text) {
        char c = source.next();
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'e', 'E' -> text.append('\u001b');
            case 'f' -> text.append('\f');
            case 'v' -> text.append('\u000b');
            case 'x' -> text.appendCodePoint(number(source, 2, 16));
            case 'u' -> text.appendCodePoint(number(source, 4, 16));
            case 'U' -> text.appendCodePoint(number(source, 8, 16));
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                source.reset(source.offset() - 1);
                text.appendCodePoint(number(source, 3, 8));
            }
            case '\\', '\'', '"', '?' -> text.append(c);
            default -> text.append('\\').append(c);
        }
    }

    private static int number(Source source, int digits, int radix) {
        int value = 0;
        for (int i = 0; i < digits && Character.digit(source.peek(), radix) >= 0; i++) {
            value = value * radix + Character.digit(source.next(), radix);
        }
        return value;
    }
}
