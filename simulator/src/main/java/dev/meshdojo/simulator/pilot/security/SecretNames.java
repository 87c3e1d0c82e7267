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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the names of the secrets that listeners and clusters ask for. */
public final class SecretNames {

    private SecretNames() {}

    /** The names in order of first appearance. */
    public static Set<String> of(List<Listener> listeners, List<Cluster> clusters) {
        Set<String> out = new LinkedHashSet<>();
        for (Listener listener : listeners) {
            for (FilterChain chain : listener.getFilterChainsList()) {
                collect(out, chain.getTransportSocket());
            }
        }
        for (Cluster cluster : clusters) {
            collect(out, cluster.getTransportSocket());
            cluster.getTransportSocketMatchesList()
                    .forEach(match -> collect(out, match.getTransportSocket()));
        }
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
