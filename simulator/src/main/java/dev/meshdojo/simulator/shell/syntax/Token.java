package dev.meshdojo.simulator.shell.syntax;

import org.jspecify.annotations.Nullable;

/**
 * One token.
 *
 * @param kind what it is
 * @param text the operator, or the word as written
 * @param word set for words
 * @param descriptor the number before a redirection operator, -1 for none
 * @param start offset of its first character
 * @param end offset behind its last character
 */
record Token(Kind kind, String text, @Nullable Word word, int descriptor, int start, int end) {

    enum Kind {
        WORD,
        OPERATOR,
        NEWLINE,
        END
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isReserved(String name) {
        return word != null && name.equals(word.plain());
    }

    boolean isRedirection() {
        return kind == Kind.OPERATOR
                && (text.startsWith("<") || text.startsWith(">") || text.startsWith("&>"));
    }

    String described() {
        return switch (kind) {
            case END -> "the script ends";
            case NEWLINE -> "the line ends";
            default -> "\"" + text + "\"";
        };
    }
}
