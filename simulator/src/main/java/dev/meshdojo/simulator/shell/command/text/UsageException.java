package dev.meshdojo.simulator.shell.command.text;

/** A command line that the program cannot serve. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * @param status exit status
     * @param message printed behind the program's name
     */
    public UsageException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** The exit status. */
    public int status() {
        return status;
    }
}
