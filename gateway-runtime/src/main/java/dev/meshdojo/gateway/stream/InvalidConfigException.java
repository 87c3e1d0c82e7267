package dev.meshdojo.gateway.stream;

/**
 * An xDS resource that this proxy refuses. The message is what Envoy says where Envoy refuses it
 * too; whoever applies a snapshot turns it into a rejection of the whole resource.
 */
public final class InvalidConfigException extends RuntimeException {

    /** A refusal with {@code message}. */
    public InvalidConfigException(String message) {
        super(message);
    }
}
