package dev.meshdojo.simulator.cli;

/** What standard output is connected to, and how to write to it. */
final class Console {

    private Console() {}

    /** Whether a person watches a terminal. */
    @SuppressWarnings("SystemConsoleNull") // null without a terminal, on 25 too
    static boolean interactive() {
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Whether to use colours: on a terminal, unless NO_COLOR is set (https://no-color.org). */
    static boolean coloured() {
        String noColor = System.getenv("NO_COLOR");
        return interactive() && (noColor == null || noColor.isEmpty());
    }
}
