package dev.meshdojo.simulator.shell.command.kubectl.cli;

/** kubectl gives up; the message is printed as it is. */
public final class KubectlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    private KubectlException(String message, int status) {
        super(message, null, false, false);
        this.status = status;
    }

    /** {@code error: …}, exit 1. */
    public static KubectlException error(String message) {
        return new KubectlException("error: " + message, 1);
    }

    /** A message of its own form, exit 1; nothing is printed when it is empty. */
    public static KubectlException plain(String message) {
        return new KubectlException(message, 1);
    }

    /** Just an exit status. */
    public static KubectlException exit(int status) {
        return new KubectlException("", status);
    }

    /** Wrong use of a command. */
    public static KubectlException usage(String command, String message) {
        return error(message + "\nSee '" + command + " -h' for help and examples");
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** The exit status. */
    public int status() {
        return status;
    }
}
