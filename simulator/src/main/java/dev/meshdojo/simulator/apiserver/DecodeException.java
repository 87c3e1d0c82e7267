package dev.meshdojo.simulator.apiserver;

/** An object that cannot be read as its kind; the message is that of Kubernetes' decoder. */
public final class DecodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String conversion;

    /**
     * @param message what the JSON decoder says
     * @param conversion what the converter says that strategic merge patches pass through
     */
    public DecodeException(String message, String conversion) {
        super(message);
        this.conversion = conversion;
    }

    /** The message for strategic merge patches. */
    public String conversion() {
        return conversion;
    }
}
