package dev.meshdojo.simulator.pilot.security;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the names of the secrets that listeners and clusters ask for. */
public final class SecretNames {

    private SecretNames() {}

    /**
     * Remembers the names that each cluster asks for, since clusters are many and few of them
     * change at a time. Not thread-safe.
     */
    public static final class Memory {
        private List<Set<String>> names = List.of();
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
            List<Set<String>> next = new ArrayList<>(clusters.size());
            Set<String> out = new LinkedHashSet<>();
            IdentityHashMap<Cluster, Set<String>> moved = null;
            for (int i = 0; i < clusters.size(); i++) {
                Cluster cluster = clusters.get(i);
                Set<String> found = null;
                if (i < last.size() && last.get(i) == cluster) {
                    found = names.get(i);
                } else if (encrypted(cluster)) {
                    if (moved == null) {
                        moved = new IdentityHashMap<>(last.size());
                        for (int j = 0; j < last.size(); j++) {
                            moved.put(last.get(j), names.get(j));
                        }
                    }
                    found = moved.get(cluster);
                }
                if (found == null) {
                    found = namesOf(cluster);
                }
                next.add(found);
                out.addAll(found);
            }
            names = next;
            last = clusters;
            ofLast = out;
            return out;
        }
    }

    private static boolean encrypted(Cluster cluster) {
        return cluster.hasTransportSocket() || cluster.getTransportSocketMatchesCount() > 0;
    }

    private static Set<String> namesOf(Cluster cluster) {
        if (!encrypted(cluster)) {
            return Set.of();
        }
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
            if (config.is(ProxyProtocolUpstreamTransport.class)) {
                return common(
                        config.unpack(ProxyProtocolUpstreamTransport.class)
                                .getTransportSocket()
                                .getTypedConfig());
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a TLS context that was just packed", e);
        }
        return CommonTlsContext.getDefaultInstance();
    }
}
