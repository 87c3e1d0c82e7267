package dev.meshdojo.simulator.apiserver.builtin;

/** A value that Go's decoder refuses; the message is Go's. */
final class GoTypeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String conversion;

    GoTypeException(String message) {
        this(message, message);
    }

    GoTypeException(String message, String conversion) {
        super(message);
        this.conversion = conversion;
    }

    /** What is said of the same value in a strategic merge patch, which is converted instead. */
    String conversion() {
        return conversion;
    }
}
