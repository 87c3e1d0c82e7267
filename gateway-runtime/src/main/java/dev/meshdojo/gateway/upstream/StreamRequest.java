package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.codec.ClientConnection;
import dev.meshdojo.gateway.codec.ClientStream;
import dev.meshdojo.gateway.codec.ResponseSink;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.stream.AddressText;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** One try to get a stream to an endpoint. Used on the worker's loop only. */
public final class StreamRequest implements ConnectionPool.Waiter {

    /** What became of it; told once. */
    public interface Listener {
        /**
         * Send the request now.
         *
         * @param localAddress our end of the connection as {@code ip:port}
         */
        void onStream(ClientStream stream, @Nullable String localAddress);

        /** There is no stream. */
        void onNoStream(UpstreamReset reason, @Nullable String transportFailure);
    }

    private final Endpoint endpoint;
    private final boolean http2;
    private final Listener listener;
    private final ClusterConfig config;
    private ConnectionPool.@Nullable Pending pending;
    private @Nullable ClientStream stream;
    private boolean done;
    private boolean ended;

    StreamRequest(Endpoint endpoint, boolean http2, Listener listener, ClusterConfig config) {
        this.endpoint = endpoint;
        this.http2 = http2;
        this.listener = listener;
        this.config = config;
    }

    void start(ConnectionPool pool, ResponseSink sink) {
        ConnectionPool.Pending place = pool.acquire(sink, this);
        if (!done) {
            pending = place;
        }
    }

    /** Where to. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** The protocol spoken upstream. */
    public boolean http2() {
        return http2;
    }

    /** Gives it up, whatever state it is in. */
    public void cancel() {
        done = true;
        if (pending != null) {
            pending.cancel();
            pending = null;
        }
        if (stream != null) {
            stream.cancel();
        }
    }

    /** Counts the outcome; call it once when the stream is over, cancelled or not. */
    public void end(boolean success) {
        if (stream != null && !ended) {
            ended = true;
            endpoint.requestEnded(success);
        }
    }

    /** Counts a timeout. */
    public void timedOut() {
        endpoint.requestTimedOut();
    }

    @Override
    public void onReady(ClientStream ready, ClientConnection connection) {
        done = true;
        pending = null;
        stream = ready;
        listener.onStream(
                ready,
                connection.channel().localAddress() instanceof InetSocketAddress real
                        ? AddressText.of(config.environment().localName().apply(real))
                        : null);
    }

    @Override
    public void onFailure(UpstreamReset reason, @Nullable String transportFailure) {
        if (!done) {
            done = true;
            pending = null;
            listener.onNoStream(reason, transportFailure);
        }
    }
}
