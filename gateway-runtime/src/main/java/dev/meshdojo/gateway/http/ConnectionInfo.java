package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.AddressText;
import dev.meshdojo.gateway.stream.TlsInfo;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, in the addresses that configuration speaks of.
 *
 * @param id its number
 * @param worker whose loop it is on
 * @param listener the listener's name
 * @param filterChain the filter chain's name; empty when it has none
 * @param direct the TCP peer
 * @param remote the peer after PROXY protocol
 * @param local our end
 * @param serverName SNI, or null
 * @param tls the session, or null on plain text
 * @param outbound whether the listener's traffic direction is outbound
 */
public record ConnectionInfo(
        long id,
        Worker worker,
        String listener,
        String filterChain,
        InetSocketAddress direct,
        InetSocketAddress remote,
        InetSocketAddress local,
        @Nullable String serverName,
        @Nullable TlsInfo tls,
        boolean outbound) {

    /** Whether the connection came in over TLS. */
    public boolean secure() {
        return tls != null;
    }

    /** The connection as traffic events tell of it. */
    public TrafficEvent.Connection described() {
        return new TrafficEvent.Connection(
                id,
                listener,
                filterChain,
                AddressText.of(remote),
                AddressText.of(local),
                serverName,
                tls == null ? null : tls.version());
    }
}
