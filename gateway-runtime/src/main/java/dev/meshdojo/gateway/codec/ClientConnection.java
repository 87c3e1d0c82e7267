package dev.meshdojo.gateway.codec;

/** A connection to an upstream, ready for requests. All calls on its event loop. */
public interface ClientConnection {

    /** What the pool that owns the connection is told. */
    interface Owner {
        /** A stream ended; whether the connection takes more is {@link #reusable}. */
        void onStreamEnd(ClientConnection connection);

        /** The connection is over. Streams were told before. */
        void onClosed(ClientConnection connection);
    }

    /** Opens a stream whose response goes to {@code sink}. */
    ClientStream open(ResponseSink sink);

    /** Whether the connection takes further streams. */
    boolean reusable();

    /** The number of streams under way. */
    int streams();

    /** The number of streams that may be under way at once. */
    int maxStreams();

    /** Closes the connection when its streams are over; at once when there are none. */
    void drain();

    /** Closes the connection; streams under way are reset. */
    void close();

    /** The channel, for its addresses. */
    io.netty.channel.Channel channel();
}
