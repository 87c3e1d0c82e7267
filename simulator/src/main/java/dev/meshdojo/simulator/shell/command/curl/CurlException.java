package dev.meshdojo.simulator.shell.command.curl;

/** A transfer that failed, with curl's exit code. */
final class CurlException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    CurlException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
