package dev.meshdojo.gateway.telemetry;

import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.StreamInfo;
import java.util.Set;

/**
 * The statistics of one connection manager, {@code http.<prefix>.…}. Thread-safe; handles are
 * looked up once.
 *
 * <p>Source: Envoy "HTTP connection manager statistics" and "Router".
 */
public final class HttpStats {

    private final Stats stats;
    private final String prefix;
    private final Stats.Counter connections;
    private final Stats.Gauge activeConnections;
    private final Stats.Counter destroyed;
    private final Stats.Counter[] connectionsByVersion;
    private final Stats.Gauge[] activeByVersion;
    private final Stats.Histogram connectionMillis;
    private final Stats.Counter requests;
    private final Stats.Gauge activeRequests;
    private final Stats.Counter[] requestsByVersion;
    private final Stats.Counter resets;
    private final Stats.Counter routed;
    private final Stats.Histogram requestMillis;
    private final StatusCounters statuses;

    private HttpStats(Stats stats, String prefix) {
        this.stats = stats;
        this.prefix = prefix;
        connections = counter("downstream_cx_total");
        activeConnections = stats.gauge(StatName.http(prefix, "downstream_cx_active"));
        destroyed = counter("downstream_cx_destroy");
        connectionsByVersion =
                new Stats.Counter[] {
                    counter("downstream_cx_http1_total"), counter("downstream_cx_http2_total")
                };
        activeByVersion =
                new Stats.Gauge[] {
                    stats.gauge(StatName.http(prefix, "downstream_cx_http1_active")),
                    stats.gauge(StatName.http(prefix, "downstream_cx_http2_active"))
                };
        connectionMillis = stats.histogram(StatName.http(prefix, "downstream_cx_length_ms"));
        requests = counter("downstream_rq_total");
        activeRequests = stats.gauge(StatName.http(prefix, "downstream_rq_active"));
        requestsByVersion =
                new Stats.Counter[] {
                    counter("downstream_rq_http1_total"), counter("downstream_rq_http2_total")
                };
        resets = counter("downstream_rq_rx_reset");
        routed = counter("rq_total");
        requestMillis = stats.histogram(StatName.http(prefix, "downstream_rq_time"));
        statuses =
                new StatusCounters(
                                stats, name -> StatName.http(prefix, name), "downstream_rq", false)
                        .present();
        for (String rare :
                new String[] {
                    "downstream_cx_idle_timeout",
                    "downstream_cx_max_duration_reached",
                    "downstream_rq_idle_timeout",
                    "downstream_rq_timeout",
                    "downstream_rq_header_timeout",
                    "downstream_rq_max_duration_reached",
                    "downstream_cx_protocol_error",
                    "no_route",
                    "no_cluster",
                    "rq_direct_response",
                    "rq_reset_after_downstream_response_started"
                }) {
            counter(rare);
        }
    }

    /** The statistics of the connection managers with that prefix. */
    public static HttpStats of(Stats stats, String prefix) {
        return new HttpStats(stats, prefix);
    }

    private Stats.Counter counter(String name) {
        return stats.counter(StatName.http(prefix, name));
    }

    private static int version(boolean http2) {
        return http2 ? 1 : 0;
    }

    /** A connection begins. */
    public void connectionOpened() {
        connections.increment();
        activeConnections.increment();
    }

    /** A connection is over. */
    public void connectionClosed(long millis) {
        activeConnections.decrement();
        destroyed.increment();
        connectionMillis.record(millis);
    }

    /** A connection's protocol is known. */
    public void protocolKnown(boolean http2) {
        connectionsByVersion[version(http2)].increment();
        activeByVersion[version(http2)].increment();
    }

    /** A connection whose protocol was known is over. */
    public void protocolOver(boolean http2) {
        activeByVersion[version(http2)].decrement();
    }

    /** A connection was idle for too long. */
    public void connectionIdle() {
        counter("downstream_cx_idle_timeout").increment();
    }

    /** A connection is too old. */
    public void connectionTooOld() {
        counter("downstream_cx_max_duration_reached").increment();
    }

    /** A request begins. */
    public void requestBegan(boolean http2) {
        requests.increment();
        activeRequests.increment();
        requestsByVersion[version(http2)].increment();
    }

    /** A request is sent upstream. */
    public void requestRouted() {
        routed.increment();
    }

    /** A request is over. */
    public void requestEnded(StreamInfo info) {
        activeRequests.decrement();
        int status = info.responseCode();
        if (status > 0) {
            statuses.count(status);
        }
        requestMillis.record(info.duration().toMillis());
        Set<ResponseFlag> flags = info.responseFlags();
        if (!flags.isEmpty() || !"via_upstream".equals(info.responseCodeDetails())) {
            special(info, flags);
        }
    }

    private void special(StreamInfo info, Set<ResponseFlag> flags) {
        if (flags.contains(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION)
                || flags.contains(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR)
                || flags.contains(ResponseFlag.DOWNSTREAM_REMOTE_RESET)) {
            resets.increment();
        }
        if (flags.contains(ResponseFlag.NO_ROUTE_FOUND)) {
            counter("no_route").increment();
        }
        if (flags.contains(ResponseFlag.NO_CLUSTER_FOUND)) {
            counter("no_cluster").increment();
        }
        if (flags.contains(ResponseFlag.DOWNSTREAM_PROTOCOL_ERROR)) {
            counter("downstream_cx_protocol_error").increment();
        }
        String details = info.responseCodeDetails();
        String name =
                switch (details) {
                    case null -> null;
                    case "direct_response" -> "rq_direct_response";
                    case "stream_idle_timeout" -> "downstream_rq_idle_timeout";
                    case "request_overall_timeout" -> "downstream_rq_timeout";
                    case "request_header_timeout" -> "downstream_rq_header_timeout";
                    case "max_duration_timeout" -> "downstream_rq_max_duration_reached";
                    default ->
                            details.startsWith("upstream_reset_after_response_started")
                                    ? "rq_reset_after_downstream_response_started"
                                    : null;
                };
        if (name != null) {
            counter(name).increment();
        }
    }
}
