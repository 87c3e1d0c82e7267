package dev.meshdojo.gateway.http;

import com.google.protobuf.Duration;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.ServerOptions.HeadDeadline;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection manager lets things take, in milliseconds; 0 for ever. Immutable.
 *
 * @param streamIdle a stream without traffic
 * @param request a request until its last byte
 * @param requestHeaders a request's head from its first byte
 * @param maxStream a stream from begin to end
 * @param connectionIdle a connection without streams
 * @param maxConnection a connection from begin to end
 * @param drain between the announcement of a connection's end and its end
 * @param delayedClose how long an answered connection waits for the client to close it
 * @param maxRequests the requests that a connection may carry
 */
public record HttpTimeouts(
        long streamIdle,
        long request,
        long requestHeaders,
        long maxStream,
        long connectionIdle,
        long maxConnection,
        long drain,
        long delayedClose,
        long maxRequests) {

    static HttpTimeouts compile(HttpConnectionManager proto) {
        var common = proto.getCommonHttpProtocolOptions();
        return new HttpTimeouts(
                proto.hasStreamIdleTimeout() ? millis(proto.getStreamIdleTimeout()) : 300_000,
                millis(proto.getRequestTimeout()),
                millis(proto.getRequestHeadersTimeout()),
                millis(common.getMaxStreamDuration()),
                common.hasIdleTimeout() ? millis(common.getIdleTimeout()) : 3_600_000,
                millis(common.getMaxConnectionDuration()),
                proto.hasDrainTimeout() ? millis(proto.getDrainTimeout()) : 5000,
                proto.hasDelayedCloseTimeout() ? millis(proto.getDelayedCloseTimeout()) : 1000,
                Integer.toUnsignedLong(common.getMaxRequestsPerConnection().getValue()));
    }

    /** What ends a head that does not come to its end: the shortest of all that run by then. */
    @Nullable HeadDeadline headDeadline() {
        HeadDeadline first = null;
        first = sooner(first, requestHeaders, Refusal.HEADERS_TIMEOUT);
        first = sooner(first, request, Refusal.REQUEST_TIMEOUT);
        first = sooner(first, streamIdle, Refusal.STREAM_IDLE);
        return sooner(first, maxStream, Refusal.MAX_DURATION);
    }

    private static @Nullable HeadDeadline sooner(
            @Nullable HeadDeadline known, long millis, Refusal refusal) {
        return millis > 0 && (known == null || millis < known.millis())
                ? new HeadDeadline(millis, refusal)
                : known;
    }

    private static long millis(Duration duration) {
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }
}
