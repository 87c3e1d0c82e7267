package dev.meshdojo.simulator.cluster.fake;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import dev.meshdojo.simulator.pilot.security.TlsContexts;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy that runs on the host, outside the cluster's network, gets to see. It cannot reach
 * 10.244.0.7, so endpoints have the loopback addresses that stand for pods. It has no agent beside
 * it, so what the agent would serve comes over ADS like everything else. Its listeners stay on
 * loopback. Not thread-safe: one for each proxy.
 */
final class HostView implements UnaryOperator<XdsSnapshot> {

    private static final String MESH_TLS = "tlsMode-istio";

    private final LoopbackNetwork network;
    private final String namespace;
    private final @Nullable AgentSecrets agent;
    private IdentityHashMap<Message, Message> known = new IdentityHashMap<>();

    /**
     * @param namespace whose search list completes short names
     * @param agent serves the proxy's own secrets; null for a proxy that has proven no identity: it
     *     gets no Secrets at all, as from istiod
     */
    HostView(LoopbackNetwork network, String namespace, @Nullable AgentSecrets agent) {
        this.network = network;
        this.namespace = namespace;
        this.agent = agent;
    }

    @Override
    public XdsSnapshot apply(XdsSnapshot snapshot) {
        IdentityHashMap<Message, Message> next = new IdentityHashMap<>();
        List<Listener> listeners =
                snapshot.listeners().stream().map(each -> once(next, each, this::seen)).toList();
        List<Cluster> clusters =
                snapshot.clusters().stream()
                        .map(
                                each ->
                                        each.hasLoadAssignment()
                                                ? seen(each)
                                                : once(next, each, this::seen))
                        .toList();
        known = next;
        XdsSnapshot seen =
                new XdsSnapshot(
                        snapshot.version(),
                        listeners,
                        snapshot.routes(),
                        clusters,
                        snapshot.endpoints().stream().map(this::reachable).toList(),
                        agent == null ? List.of() : snapshot.secrets());
        return agent == null ? seen : agent.complete(seen);
    }

    private <T extends Message> T once(
            IdentityHashMap<Message, Message> next, T from, UnaryOperator<T> make) {
        Message before = known.get(from);
        @SuppressWarnings("unchecked") // it was made from this very message
        T made = before == null ? make.apply(from) : (T) before;
        next.put(from, made);
        return made;
    }

    private Listener seen(Listener listener) {
        Listener.Builder out = listener.toBuilder();
        local(out.getAddressBuilder());
        out.getAdditionalAddressesBuilderList().forEach(each -> local(each.getAddressBuilder()));
        out.getFilterChainsBuilderList()
                .forEach(
                        chain -> {
                            if (chain.hasTransportSocket()) {
                                chain.setTransportSocket(overAds(chain.getTransportSocket()));
                            }
                        });
        return out.build();
    }

    /** A listener on all interfaces is one on loopback. */
    private static void local(Address.Builder address) {
        if (address.hasSocketAddress()) {
            SocketAddress.Builder socket = address.getSocketAddressBuilder();
            if (socket.getAddress().equals("0.0.0.0")) {
                socket.setAddress("127.0.0.1");
            } else if (socket.getAddress().equals("::")) {
                socket.setAddress("::1");
            }
        }
    }

    private Cluster seen(Cluster cluster) {
        Cluster.Builder out = cluster.toBuilder();
        if (cluster.hasTransportSocket()) {
            out.setTransportSocket(overAds(cluster.getTransportSocket()));
        }
        out.clearTransportSocketMatches();
        for (Cluster.TransportSocketMatch match : cluster.getTransportSocketMatchesList()) {
            if (agent != null || !match.getName().equals(MESH_TLS)) {
                out.addTransportSocketMatches(
                        match.toBuilder().setTransportSocket(overAds(match.getTransportSocket())));
            }
        }
        if (cluster.hasLoadAssignment()) {
            out.setLoadAssignment(reachable(cluster.getLoadAssignment()));
        }
        return out.build();
    }

    private ClusterLoadAssignment reachable(ClusterLoadAssignment assignment) {
        ClusterLoadAssignment.Builder out = assignment.toBuilder();
        out.getEndpointsBuilderList()
                .forEach(
                        locality ->
                                locality.getLbEndpointsBuilderList()
                                        .forEach(
                                                each ->
                                                        reachable(
                                                                each.getEndpointBuilder()
                                                                        .getAddressBuilder())));
        return out.build();
    }

    private void reachable(Address.Builder address) {
        if (!address.hasSocketAddress()) {
            return;
        }
        SocketAddress.Builder socket = address.getSocketAddressBuilder();
        String host = socket.getAddress();
        if (network.lookup(namespace, host).isEmpty()) {
            return; // a name of the world outside
        }
        InetSocketAddress real = network.fromHost(namespace, host, socket.getPortValue());
        socket.setAddress(real.getAddress().getHostAddress()).setPortValue(real.getPort());
    }

    private static TransportSocket overAds(TransportSocket socket) {
        Any config = socket.getTypedConfig();
        try {
            if (config.is(DownstreamTlsContext.class)) {
                DownstreamTlsContext.Builder tls =
                        config.unpack(DownstreamTlsContext.class).toBuilder();
                overAds(tls.getCommonTlsContextBuilder());
                return socket.toBuilder().setTypedConfig(Any.pack(tls.build())).build();
            }
            if (config.is(UpstreamTlsContext.class)) {
                UpstreamTlsContext.Builder tls =
                        config.unpack(UpstreamTlsContext.class).toBuilder();
                overAds(tls.getCommonTlsContextBuilder());
                return socket.toBuilder().setTypedConfig(Any.pack(tls.build())).build();
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a TLS context that was just packed", e);
        }
        return socket;
    }

    private static void overAds(CommonTlsContext.Builder common) {
        common.getTlsCertificateSdsSecretConfigsBuilderList().forEach(HostView::overAds);
        if (common.hasValidationContextSdsSecretConfig()) {
            overAds(common.getValidationContextSdsSecretConfigBuilder());
        }
        if (common.getCombinedValidationContext().hasValidationContextSdsSecretConfig()) {
            overAds(
                    common.getCombinedValidationContextBuilder()
                            .getValidationContextSdsSecretConfigBuilder());
        }
    }

    private static void overAds(SdsSecretConfig.Builder secret) {
        if (secret.getSdsConfig().hasApiConfigSource()) {
            secret.getSdsConfigBuilder().setAds(TlsContexts.ads().getAds());
        }
    }
}
