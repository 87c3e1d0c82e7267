package dev.meshdojo.simulator.shell;

/** SIGPIPE: the reader of a pipe has gone. The shell ends the writer with status 141. */
final class BrokenPipeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenPipeException() {
        super("Broken pipe", null, false, false);
    }
}
