package dev.meshdojo.simulator.shell.command.kubectl.rest;

/** The API server cannot be reached; the message is what kubectl prints. */
public final class ConnectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With kubectl's words. */
    public ConnectionException(String message) {
        super(message, null, false, false);
    }
}
