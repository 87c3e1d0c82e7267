package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.http.HttpConfig;
import dev.meshdojo.gateway.tcp.TcpConfig;
import dev.meshdojo.gateway.tls.DownstreamTls;
import org.jspecify.annotations.Nullable;

/**
 * One filter chain, compiled. Immutable.
 *
 * @param proto what it was made from; connections outlive updates that leave it equal
 * @param tls null for plain text
 * @param handshakeMillis for TLS; 0 for none
 * @param rbac network RBAC filters before the last one
 * @param terminal what handles the bytes
 */
record FilterChain(
        io.envoyproxy.envoy.config.listener.v3.FilterChain proto,
        ChainMatch match,
        @Nullable DownstreamTls tls,
        long handshakeMillis,
        NetworkFilters rbac,
        Terminal terminal) {

    /** The last network filter. */
    sealed interface Terminal {}

    /** HTTP. */
    record Http(HttpConfig config) implements Terminal {}

    /** Bytes. */
    record Tcp(TcpConfig config) implements Terminal {}

    String name() {
        return proto.getName();
    }
}
