package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.telemetry.AccessLog;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One listener, compiled. Immutable.
 *
 * @param addresses where it listens
 * @param chains in order
 * @param fallback the default filter chain, or null
 * @param proxyProtocol which PROXY headers connections begin with; null for none
 * @param inspect whether the ClientHello is read before a chain is chosen
 * @param inspectMillis how long listener filters may take; 0 for ever
 * @param continueOnTimeout whether a connection goes on when they took too long
 * @param accessLogs for connections without a chain
 */
record ListenerConfig(
        Listener proto,
        List<InetSocketAddress> addresses,
        List<FilterChain> chains,
        @Nullable FilterChain fallback,
        @Nullable ProxyRules proxyProtocol,
        boolean inspect,
        long inspectMillis,
        boolean continueOnTimeout,
        List<AccessLog> accessLogs) {

    ListenerConfig {
        addresses = List.copyOf(addresses);
        chains = List.copyOf(chains);
        accessLogs = List.copyOf(accessLogs);
    }

    String name() {
        return proto.getName();
    }

    @Nullable FilterChain choose(ChainMatch.Facts facts) {
        FilterChain chain = ChainMatch.choose(chains, facts);
        return chain == null ? fallback : chain;
    }

    /** Whether a chain of this configuration was made from the same proto. */
    boolean has(FilterChain chain) {
        if (fallback != null && fallback.proto().equals(chain.proto())) {
            return true;
        }
        return chains.stream().anyMatch(mine -> mine.proto().equals(chain.proto()));
    }
}
