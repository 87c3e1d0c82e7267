package dev.meshdojo.gateway.admin;

import dev.meshdojo.gateway.telemetry.StatsSnapshot;
import io.envoyproxy.envoy.admin.v3.ServerInfo;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything the admin pages show, at one moment. Immutable.
 *
 * @param state the server's state
 * @param version as {@code /server_info} prints it
 * @param uptime since start
 * @param now the moment
 * @param bootstrap as started with, node included
 * @param listenersVersion the version of the last listeners taken; empty before the first
 * @param clustersVersion likewise of clusters
 * @param staticListeners from the bootstrap
 * @param dynamicListeners from the control plane
 * @param staticClusters from the bootstrap
 * @param dynamicClusters from the control plane
 * @param staticRoutes route tables written inside listeners
 * @param dynamicRoutes route tables of their own
 * @param activeSecrets delivered secrets
 * @param warmingSecrets secrets that listeners wait for
 * @param clusters state of all clusters
 * @param boundListeners listener names and the addresses they have as configured
 * @param certificates those in use, by where they came from
 * @param stats the statistics
 */
public record AdminView(
        ServerInfo.State state,
        String version,
        Duration uptime,
        Instant now,
        Bootstrap bootstrap,
        String listenersVersion,
        String clustersVersion,
        List<Loaded<Listener>> staticListeners,
        List<Loaded<Listener>> dynamicListeners,
        List<Loaded<Cluster>> staticClusters,
        List<Loaded<Cluster>> dynamicClusters,
        List<Loaded<RouteConfiguration>> staticRoutes,
        List<Loaded<RouteConfiguration>> dynamicRoutes,
        List<Loaded<Secret>> activeSecrets,
        List<Loaded<Secret>> warmingSecrets,
        List<ClusterView> clusters,
        Map<String, InetSocketAddress> boundListeners,
        List<CertificateView> certificates,
        StatsSnapshot stats) {

    public AdminView {
        staticListeners = List.copyOf(staticListeners);
        dynamicListeners = List.copyOf(dynamicListeners);
        staticClusters = List.copyOf(staticClusters);
        dynamicClusters = List.copyOf(dynamicClusters);
        staticRoutes = List.copyOf(staticRoutes);
        dynamicRoutes = List.copyOf(dynamicRoutes);
        activeSecrets = List.copyOf(activeSecrets);
        warmingSecrets = List.copyOf(warmingSecrets);
        clusters = List.copyOf(clusters);
        boundListeners =
                java.util.Collections.unmodifiableMap(
                        new java.util.LinkedHashMap<>(boundListeners));
        certificates = List.copyOf(certificates);
    }

    /**
     * One certificate chain with its CAs.
     *
     * @param chain leaf first
     * @param authorities the CAs that peers are verified with
     */
    public record CertificateView(List<X509Certificate> chain, List<X509Certificate> authorities) {

        public CertificateView {
            chain = List.copyOf(chain);
            authorities = List.copyOf(authorities);
        }
    }
}
