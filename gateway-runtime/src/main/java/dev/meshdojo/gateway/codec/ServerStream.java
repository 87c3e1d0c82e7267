package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * One request's way back to the client. All calls on the connection's event loop; after the end of
 * the response, {@link #reset} or a reset told to the sink, calls do nothing (buffers are released
 * all the same).
 */
public interface ServerStream {

    /** {@code HTTP/1.1}, {@code HTTP/2}. */
    String protocol();

    /** Whether other requests share the connection at the same time. */
    boolean multiplexed();

    /** Whether the request was read to its end. */
    boolean requestComplete();

    /** Sends an interim response, 100 to 199 but not 101. */
    void sendInterim(int status, HeaderMap headers);

    /**
     * Sends the response head, which the stream may change (framing and connection headers).
     *
     * @param end whether there is nothing after it
     */
    void sendHead(ResponseHead head, boolean end);

    /** Sends body bytes and takes them over. */
    void sendData(ByteBuf data, boolean end);

    /** Ends the response with trailers; HTTP/1 drops them. */
    void sendTrailers(HeaderMap trailers);

    /** Breaks the response off: closes an HTTP/1 connection, resets an HTTP/2 stream. */
    void reset(ResetCode code);

    /** Whether the client takes more without its bytes piling up here. */
    boolean writable();

    /** Stops or resumes reading the request's body. */
    void readBody(boolean enabled);

    /** After the response's end the connection closes (HTTP/1) or says GOAWAY (HTTP/2). */
    void closeAfterResponse();
}
