package dev.meshdojo.gateway.config.ads;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a listener or cluster needs from ADS before it can be used.
 *
 * @param type the type of what is needed
 * @param name its name
 * @param patience how long to wait for it; zero for ever
 */
record References(ResourceType type, String name, Duration patience) {

    private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(15);

    /** What a listener or cluster needs; empty for other resources. */
    static Set<References> of(Message resource) {
        Set<References> found = new LinkedHashSet<>();
        switch (resource) {
            case Cluster cluster -> collect(cluster, found);
            case Listener listener -> {
                listener.getFilterChainsList().forEach(chain -> collect(chain, found));
                if (listener.hasDefaultFilterChain()) {
                    collect(listener.getDefaultFilterChain(), found);
                }
            }
            default -> {}
        }
        return found;
    }

    private static void collect(Cluster cluster, Set<References> found) {
        if (cluster.getType() == Cluster.DiscoveryType.EDS) {
            var eds = cluster.getEdsClusterConfig();
            String service = eds.getServiceName();
            add(
                    found,
                    ResourceType.ENDPOINT,
                    service.isEmpty() ? cluster.getName() : service,
                    eds.getEdsConfig());
        }
        collect(cluster.getTransportSocket(), found);
        cluster.getTransportSocketMatchesList()
                .forEach(match -> collect(match.getTransportSocket(), found));
    }

    private static void collect(FilterChain chain, Set<References> found) {
        collect(chain.getTransportSocket(), found);
        for (Filter filter : chain.getFiltersList()) {
            HttpConnectionManager manager =
                    unpacked(
                            filter.getTypedConfig(),
                            HttpConnectionManager.class,
                            HttpConnectionManager.getDefaultInstance());
            if (manager.hasRds()) {
                add(
                        found,
                        ResourceType.ROUTE,
                        manager.getRds().getRouteConfigName(),
                        manager.getRds().getConfigSource());
            }
        }
    }

    private static void collect(TransportSocket socket, Set<References> found) {
        Any config = socket.getTypedConfig();
        collect(
                unpacked(
                                config,
                                DownstreamTlsContext.class,
                                DownstreamTlsContext.getDefaultInstance())
                        .getCommonTlsContext(),
                found);
        collect(
                unpacked(config, UpstreamTlsContext.class, UpstreamTlsContext.getDefaultInstance())
                        .getCommonTlsContext(),
                found);
    }

    private static void collect(CommonTlsContext tls, Set<References> found) {
        tls.getTlsCertificateSdsSecretConfigsList().forEach(each -> add(found, each));
        if (tls.hasValidationContextSdsSecretConfig()) {
            add(found, tls.getValidationContextSdsSecretConfig());
        }
        if (tls.getCombinedValidationContext().hasValidationContextSdsSecretConfig()) {
            add(found, tls.getCombinedValidationContext().getValidationContextSdsSecretConfig());
        }
    }

    private static void add(Set<References> found, SdsSecretConfig secret) {
        add(found, ResourceType.SECRET, secret.getName(), secret.getSdsConfig());
    }

    private static void add(
            Set<References> found, ResourceType type, String name, ConfigSource source) {
        if (source.hasAds()) {
            found.add(new References(type, name, patience(source)));
        }
    }

    /** How long a first answer is waited for. */
    static Duration patience(ConfigSource source) {
        return source.hasInitialFetchTimeout()
                ? Duration.ofNanos(Durations.toNanos(source.getInitialFetchTimeout()))
                : DEFAULT_PATIENCE;
    }

    /**
     * The message, or {@code otherwise} when it is another or broken; that is refused elsewhere.
     */
    private static <T extends Message> T unpacked(Any any, Class<T> type, T otherwise) {
        try {
            return any.is(type) ? any.unpack(type) : otherwise;
        } catch (InvalidProtocolBufferException e) {
            return otherwise;
        }
    }
}
