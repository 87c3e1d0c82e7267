package dev.meshdojo.simulator.shell;

/** A command that cannot be carried out: a bad redirection, an unset variable, a bad expression. */
final class ScriptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean fatal;

    /** Fails the command alone. */
    ScriptException(String message) {
        this(message, false);
    }

    /**
     * @param fatal ends the script
     */
    ScriptException(String message, boolean fatal) {
        super(message, null, false, false);
        this.fatal = fatal;
    }

    boolean fatal() {
        return fatal;
    }
}
