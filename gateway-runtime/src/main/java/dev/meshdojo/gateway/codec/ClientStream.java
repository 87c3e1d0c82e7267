package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import io.netty.buffer.ByteBuf;

/**
 * One request's way to an upstream. All calls on the connection's event loop; after the end or a
 * reset, calls do nothing (buffers are released all the same).
 */
public interface ClientStream {

    /** Sends the head. */
    void sendHead(RequestHead head, boolean end);

    /** Sends body bytes and takes them over. */
    void sendData(ByteBuf data, boolean end);

    /** Ends the request with trailers; HTTP/1 drops them. */
    void sendTrailers(HeaderMap trailers);

    /** Gives the request up: closes an HTTP/1 connection, resets an HTTP/2 stream. */
    void cancel();

    /** Whether the upstream takes more without its bytes piling up here. */
    boolean writable();

    /** Stops or resumes reading the response's body. */
    void readBody(boolean enabled);
}
