package dev.meshdojo.simulator.pilot.listener;

import dev.meshdojo.simulator.pilot.model.Durations;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter chain in the making.
 *
 * @param sniHosts server names it takes; empty for all
 * @param protocols application protocols it takes; empty for all
 * @param tls how TLS ends here; null when it does not
 * @param filters network filters in order
 */
record Chain(
        List<String> sniHosts,
        List<String> protocols,
        @Nullable TransportSocket tls,
        List<Filter> filters) {

    private static final int HANDSHAKE_SECONDS = 15;

    boolean needsInspector() {
        return !sniHosts.isEmpty() || tls != null;
    }

    FilterChain build() {
        FilterChain.Builder out =
                FilterChain.newBuilder()
                        .addAllFilters(filters)
                        .setTransportSocketConnectTimeout(Durations.seconds(HANDSHAKE_SECONDS));
        if (tls != null) {
            out.setTransportSocket(tls);
        }
        boolean everyName = sniHosts.isEmpty() || sniHosts.contains("*");
        if (!everyName || !protocols.isEmpty()) {
            FilterChainMatch.Builder match =
                    FilterChainMatch.newBuilder().addAllApplicationProtocols(protocols);
            if (!everyName) {
                match.addAllServerNames(sniHosts.stream().sorted().toList());
            }
            out.setFilterChainMatch(match);
        }
        return out.build();
    }
}
