package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.RequestHead;
import org.jspecify.annotations.Nullable;

/** What stands above a client's connection. All calls on the connection's event loop. */
public interface ServerSide {

    /** A request begins. */
    RequestSink onRequest(ServerStream stream, RequestHead head, boolean end);

    /**
     * A request is refused by the codec; whoever is told answers it and the connection closes.
     *
     * @param head what was read of it, if anything
     */
    void onRefused(ServerStream stream, @Nullable RequestHead head, Refusal refusal);

    /** A request ended before its head was complete or could be accepted. */
    void onAborted(String protocol, @Nullable RequestHead head, DownstreamReset reason);

    /** The connection is over; no more calls. */
    void onClosed();
}
