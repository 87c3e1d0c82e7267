package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Takes one response. All calls on the connection's event loop. */
public interface ResponseSink {

    /** An interim response but 101. */
    void onInterim(ResponseHead head);

    /** The final head, or 101. */
    void onHead(ResponseHead head, boolean end);

    /** Body bytes, handed over. */
    void onData(ByteBuf data, boolean end);

    /** Trailers, which end the response. */
    void onTrailers(HeaderMap trailers);

    /** The response is over before its end. */
    void onReset(UpstreamReset reason);

    /** The upstream takes more again. */
    void onWritable();
}
