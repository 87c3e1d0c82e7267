package dev.meshdojo.simulator.shell.command.kubectl.print;

/** A JSONPath that cannot be read or applied, in client-go's words. */
public final class JsonPathException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what is wrong. */
    public JsonPathException(String message) {
        super(message, null, false, false);
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
