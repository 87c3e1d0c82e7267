package dev.meshdojo.simulator.pilot.security;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the names of the secrets that listeners and clusters ask for. */
public final class SecretNames {

    private SecretNames() {}

    /**
     * Remembers the names that each cluster asks for, since clusters are many and few of them
     * change at a time. Not thread-safe.
     */
    public static final class Memory {
        private Map<Cluster, Set<String>> known = new IdentityHashMap<>();
        private List<Cluster> last = List.of();
        private Set<String> ofLast = Set.of();

        /** The names in order of first appearance. */
        public Set<String> of(List<Listener> listeners, List<Cluster> clusters) {
            Set<String> out = new LinkedHashSet<>();
            for (Listener listener : listeners) {
                for (FilterChain chain : listener.getFilterChainsList()) {
                    collect(out, chain.getTransportSocket());
                }
            }
            out.addAll(of(clusters));
            return out;
        }

        @SuppressWarnings("ReferenceEquality") // an unchanged list is the same instance
        private Set<String> of(List<Cluster> clusters) {
            if (clusters == last) {
                return ofLast;
            }
            Map<Cluster, Set<String>> next = new IdentityHashMap<>();
            Set<String> out = new LinkedHashSet<>();
            for (Cluster cluster : clusters) {
                if (cluster.hasTransportSocket() || cluster.getTransportSocketMatchesCount() > 0) {
                    Set<String> names = known.get(cluster);
                    if (names == null) {
                        names = namesOf(cluster);
                    }
                    next.put(cluster, names);
                    out.addAll(names);
                }
            }
            known = next;
            last = clusters;
            ofLast = out;
            return out;
        }
    }

    private static Set<String> namesOf(Cluster cluster) {
        Set<String> out = new LinkedHashSet<>();
        collect(out, cluster.getTransportSocket());
        cluster.getTransportSocketMatchesList()
                .forEach(match -> collect(out, match.getTransportSocket()));
        return out;
    }

    private static void collect(Set<String> out, TransportSocket socket) {
        CommonTlsContext common = common(socket.getTypedConfig());
        for (SdsSecretConfig certificate : common.getTlsCertificateSdsSecretConfigsList()) {
            out.add(certificate.getName());
        }
        String authority =
                common.getCombinedValidationContext()
                        .getValidationContextSdsSecretConfig()
                        .getName();
        if (!authority.isEmpty()) {
            out.add(authority);
        }
    }

    private static CommonTlsContext common(Any config) {
        try {
            if (config.is(DownstreamTlsContext.class)) {
                return config.unpack(DownstreamTlsContext.class).getCommonTlsContext();
            }
            if (config.is(UpstreamTlsContext.class)) {
                return config.unpack(UpstreamTlsContext.class).getCommonTlsContext();
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a TLS context that was just packed", e);
        }
        return CommonTlsContext.getDefaultInstance();
    }
}
