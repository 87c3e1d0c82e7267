package dev.meshdojo.simulator.shell;

import java.util.ArrayList;
import java.util.List;

/** Collects the pieces of an expanded word and cuts them into fields. */
final class Fields {

    /**
     * A finished field.
     *
     * @param text its text
     * @param pattern the same with quoted magic characters escaped
     */
    record Field(String text, String pattern) {}

    private final String separators;
    private final List<Field> done = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder pattern = new StringBuilder();
    private boolean open;

    Fields(String separators) {
        this.separators = separators;
    }

    /** Text that globs but does not split. */
    void literal(String piece) {
        text.append(piece);
        pattern.append(piece);
        open = true;
    }

    /** Text that neither globs nor splits; even when empty it makes a field. */
    void quoted(String piece) {
        text.append(piece);
        pattern.append(GlobPattern.escape(piece));
        open = true;
    }

    /** The result of an expansion outside quotes. */
    void split(String piece) {
        boolean pendingBreak = false;
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (separators.indexOf(c) < 0) {
                if (pendingBreak) {
                    endField();
                    pendingBreak = false;
                }
                text.append(c);
                pattern.append(c == '\\' ? "\\\\" : String.valueOf(c));
                open = true;
            } else if (Character.isWhitespace(c)) {
                pendingBreak = open;
            } else {
                open = true;
                endField();
                pendingBreak = false;
            }
        }
        if (pendingBreak) {
            endField();
        }
    }

    void endField() {
        if (open) {
            done.add(new Field(text.toString(), pattern.toString()));
        }
        text.setLength(0);
        pattern.setLength(0);
        open = false;
    }

    List<Field> finish() {
        endField();
        return done;
    }
}
