package dev.meshdojo.simulator.shell.syntax;

/** The script's text with a reading position. */
final class Source {

    static final char END = '\0';

    private final String text;
    private int offset;

    Source(String text) {
        this.text = text;
    }

    int offset() {
        return offset;
    }

    boolean atEnd() {
        return offset >= text.length();
    }

    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        int at = offset + ahead;
        return at < text.length() ? text.charAt(at) : END;
    }

    char next() {
        return atEnd() ? END : text.charAt(offset++);
    }

    void skip(int count) {
        offset = Math.min(text.length(), offset + count);
    }

    boolean startsWith(String prefix) {
        return text.startsWith(prefix, offset);
    }

    void reset(int to) {
        offset = to;
    }

    String slice(int from, int to) {
        return text.substring(from, Math.min(to, text.length()));
    }

    /** The rest of the current line without its end; the position moves behind the line's end. */
    String restOfLine() {
        int end = text.indexOf('\n', offset);
        String line = end < 0 ? text.substring(offset) : text.substring(offset, end);
        offset = end < 0 ? text.length() : end + 1;
        return line;
    }

    int line(int at) {
        int line = 1;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        return line;
    }

    int column(int at) {
        int start = at == 0 ? -1 : text.lastIndexOf('\n', Math.min(at, text.length()) - 1);
        return at - start;
    }
}
