package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import io.netty.buffer.ByteBuf;

/** Takes one request after its head. All calls on the connection's event loop. */
public interface RequestSink {

    /** Body bytes, handed over. */
    void onData(ByteBuf data, boolean end);

    /** Trailers, which end the request. */
    void onTrailers(HeaderMap trailers);

    /**
     * The request is over before its response: nothing more can be sent.
     *
     * @param reason how it ended
     */
    void onReset(DownstreamReset reason);

    /** The client takes more again. */
    void onWritable();

    /** A refused rest of the request, such as broken chunks. */
    void onBroken(Refusal refusal);
}
