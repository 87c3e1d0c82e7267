package dev.meshdojo.gateway.filter;

/** The whole body of a request or response, for a filter that waited for it. */
public interface MessageBody {

    /** The bytes; empty when the message has no body. */
    byte[] bytes();

    /** Whether the message ended with its head. */
    boolean absent();

    /** Puts {@code bytes} in place of the body and corrects {@code content-length}. */
    void replace(byte[] bytes);
}
