package dev.meshdojo.gateway.stream;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Facts of one stream (a request, or a TCP connection) that matchers, formatters and logs read.
 * Addresses are those that configuration speaks of, not those of real sockets. Null means not
 * known, or not yet. Owned by one stream; read on its event loop only.
 */
public interface StreamInfo {

    /** {@code HTTP/1.0}, {@code HTTP/1.1}, {@code HTTP/2}; null for a TCP connection. */
    @Nullable String protocol();

    /** When the first byte of the request was read. */
    Instant startTime();

    /** From the first byte of the request to now, or to the end once it ended. */
    Duration duration();

    /** From the first byte of the request to the last one read; null until then. */
    default @Nullable Duration requestDuration() {
        return null;
    }

    /** From the first byte of the request to the first response byte of the upstream. */
    default @Nullable Duration responseDuration() {
        return null;
    }

    /** The trusted client address: after {@code x-forwarded-for} and PROXY protocol. */
    InetSocketAddress downstreamRemoteAddress();

    /** The address of the direct TCP peer. */
    InetSocketAddress downstreamDirectRemoteAddress();

    /** The gateway's end of the client's connection. */
    InetSocketAddress downstreamLocalAddress();

    /** The number of the client's connection, unique in this process. */
    long connectionId();

    /** SNI, or null. */
    @Nullable String requestedServerName();

    /** The downstream TLS session; null on plain text. */
    @Nullable TlsInfo tls();

    /** Status sent to the client; 0 before, or when none was. */
    int responseCode();

    /** Such as {@code via_upstream} or {@code route_not_found}. */
    @Nullable String responseCodeDetails();

    /** Why the connection was ended, such as a network RBAC denial. */
    default @Nullable String connectionTerminationDetails() {
        return null;
    }

    /** The flags raised so far. */
    Set<ResponseFlag> responseFlags();

    /** Body bytes read from the client. */
    long bytesReceived();

    /** Body bytes sent to the client. */
    long bytesSent();

    /** The endpoint of the last try as {@code ip:port}. */
    @Nullable String upstreamHost();

    /** The gateway's end of the upstream connection as {@code ip:port}. */
    default @Nullable String upstreamLocalAddress() {
        return null;
    }

    /** The name of the route's cluster when it exists. */
    @Nullable String upstreamCluster();

    /** What statistics and traces call that cluster. */
    default @Nullable String upstreamClusterAlias() {
        return upstreamCluster();
    }

    /** The workload behind that endpoint as Istio describes it; empty when unknown. */
    default String upstreamWorkload() {
        return "";
    }

    /** Why the last upstream connection failed. */
    default @Nullable String upstreamTransportFailureReason() {
        return null;
    }

    /** Why the client's TLS handshake failed. */
    default @Nullable String downstreamTransportFailureReason() {
        return null;
    }

    /** How many times the request was sent upstream. */
    default int upstreamAttempts() {
        return 0;
    }

    /** The name of the matched route; null or empty when it has none. */
    @Nullable String routeName();

    /** The name of the matched virtual host. */
    default @Nullable String virtualHostName() {
        return null;
    }

    /** What filters left for one another. */
    DynamicMetadata dynamicMetadata();
}
