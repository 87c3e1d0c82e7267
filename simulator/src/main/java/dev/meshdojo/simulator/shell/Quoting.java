package dev.meshdojo.simulator.shell;

/** Writes a word so that the shell would read it back. */
final class Quoting {

    private Quoting() {}

    static String quote(String word) {
        if (!word.isEmpty() && word.matches("[A-Za-z0-9_@%+=:,./~^-]+")) {
            return word;
        }
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
