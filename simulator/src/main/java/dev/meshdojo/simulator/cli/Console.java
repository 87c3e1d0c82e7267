package dev.meshdojo.simulator.cli;

import java.util.Objects;

/** What standard output is connected to, and how to write to it. */
final class Console {

    private Console() {}

    /** Whether a person watches a terminal. */
    static boolean interactive() {
        java.io.Console console = Objects.requireNonNull(System.console());
        return console.isTerminal();
    }

    /** Whether to use colours: on a terminal, unless NO_COLOR is set (https://no-color.org). */
    static boolean coloured() {
        String noColor = System.getenv("NO_COLOR");
        return interactive() && (noColor == null || noColor.isEmpty());
    }
}
