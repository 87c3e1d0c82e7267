package dev.meshdojo.simulator.shell.syntax;

/**
 * Where a stream goes or comes from.
 *
 * @param descriptor 0, 1 or 2
 * @param kind what is done
 * @param target file name, descriptor number, or the text of a here-document or here-string
 */
public record Redirection(int descriptor, Kind kind, Target target) {

    /** What a redirection does. */
    public enum Kind {
        READ,
        WRITE,
        APPEND,
        DUPLICATE,
        HERE_TEXT,
        HERE_STRING,
        WRITE_BOTH,
        APPEND_BOTH
    }

    /** A word; that of a here-document is known only after its line has been read. */
    public static final class Target {
        private Word word;

        Target(Word word) {
            this.word = word;
        }

        void fill(Word text) {
            this.word = text;
        }

        /** The word, complete once parsing is done. */
        public Word word() {
            return word;
        }
    }
}
