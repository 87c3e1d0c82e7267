package dev.meshdojo.gateway;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.admin.AdminView;
import dev.meshdojo.gateway.admin.ClusterView;
import dev.meshdojo.gateway.admin.Loaded;
import dev.meshdojo.gateway.admin.LoadedResources;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.gateway.telemetry.Stats;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.envoyproxy.envoy.admin.v3.ServerInfo;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the admin pages show of a runtime. Updated by one thread at a time, read by any. */
final class RuntimeView {

    /** The version of Envoy whose behaviour this runtime has; istioctl shows it. */
    static final String VERSION =
            "9e5580933739775e8bce696a57a2e1bc99368f23/1.40.0/Clean/RELEASE/BoringSSL";

    private record Resources(
            LoadedResources<Listener> listeners,
            LoadedResources<RouteConfiguration> routes,
            LoadedResources<Cluster> clusters,
            LoadedResources<Secret> secrets) {}

    private final Bootstrap bootstrap;
    private final InstantSource clock;
    private final Stats stats;
    private final ServerStats server;
    private final int workers;
    private final Instant started;
    private volatile @Nullable Instant draining;
    private volatile Resources resources =
            new Resources(
                    LoadedResources.none(),
                    LoadedResources.none(),
                    LoadedResources.none(),
                    LoadedResources.none());
    private volatile boolean configured;

    RuntimeView(Bootstrap bootstrap, InstantSource clock, Stats stats, int workers) {
        this.bootstrap = bootstrap;
        this.clock = clock;
        this.stats = stats;
        this.server = new ServerStats(stats);
        this.workers = workers;
        this.started = clock.instant();
    }

    /** A snapshot was applied. */
    synchronized void applied(
            XdsSnapshot snapshot, Acknowledgement acknowledgement, boolean complete) {
        Instant now = clock.instant();
        Resources before = resources;
        String version = snapshot.version();
        Bootstrap.StaticResources fixed = bootstrap.getStaticResources();
        resources =
                new Resources(
                        before.listeners()
                                .update(
                                        version,
                                        without(fixed.getListenersList(), snapshot.listeners()),
                                        Listener::getName,
                                        refused(acknowledgement, "listener.v3.Listener"),
                                        now),
                        before.routes()
                                .update(
                                        version,
                                        snapshot.routes(),
                                        RouteConfiguration::getName,
                                        refused(acknowledgement, "route.v3.RouteConfiguration"),
                                        now),
                        before.clusters()
                                .update(
                                        version,
                                        without(fixed.getClustersList(), snapshot.clusters()),
                                        Cluster::getName,
                                        refused(acknowledgement, "cluster.v3.Cluster"),
                                        now),
                        before.secrets()
                                .update(
                                        version,
                                        snapshot.secrets(),
                                        Secret::getName,
                                        refused(acknowledgement, "tls.v3.Secret"),
                                        now));
        server.listeners(before.listeners(), resources.listeners());
        server.clusters(before.clusters(), resources.clusters());
        configured |= complete;
    }

    /** Static resources are shown as such. */
    private static <T> List<T> without(List<T> fixed, List<T> all) {
        return fixed.isEmpty() ? all : all.stream().filter(each -> !fixed.contains(each)).toList();
    }

    private static Map<String, String> refused(Acknowledgement acknowledgement, String type) {
        Map<String, String> reasons = new HashMap<>();
        for (Acknowledgement.Rejection rejection : acknowledgement.rejections()) {
            if (rejection.typeUrl().endsWith(type)) {
                reasons.put(rejection.resource(), rejection.reason());
            }
        }
        return reasons;
    }

    /** Health checks fail from now on, or pass again. */
    void failHealthChecks(boolean fail) {
        draining = fail ? clock.instant() : null;
    }

    /** Everything at this moment. */
    synchronized AdminView now(Map<String, UpstreamCluster> clusters) {
        Instant now = clock.instant();
        Resources current = resources;
        List<ClusterView> states = new ArrayList<>();
        clusters.values().forEach(cluster -> states.add(state(cluster)));
        ServerInfo.State state =
                draining != null
                        ? ServerInfo.State.DRAINING
                        : configured ? ServerInfo.State.LIVE : ServerInfo.State.INITIALIZING;
        Duration uptime = Duration.between(started, now);
        server.now(state, uptime.toSeconds(), workers);
        return new AdminView(
                state,
                VERSION,
                uptime,
                now,
                bootstrap,
                current.listeners().version(),
                current.clusters().version(),
                fixed(bootstrap.getStaticResources().getListenersList(), Listener::getName),
                current.listeners().list(),
                fixed(bootstrap.getStaticResources().getClustersList(), Cluster::getName),
                current.clusters().list(),
                inlineRoutes(current.listeners()),
                current.routes().list(),
                current.secrets().list(),
                List.of(),
                states,
                bound(current.listeners()),
                List.of(),
                stats.snapshot());
    }

    private <T extends com.google.protobuf.Message> List<Loaded<T>> fixed(
            List<T> resources, java.util.function.Function<T, String> name) {
        return resources.stream()
                .map(each -> new Loaded<>(name.apply(each), "", each, started, null))
                .toList();
    }

    /** Route tables that stand in listeners themselves. */
    private List<Loaded<RouteConfiguration>> inlineRoutes(LoadedResources<Listener> listeners) {
        List<Loaded<RouteConfiguration>> tables = new ArrayList<>();
        for (Listener listener : all(listeners)) {
            for (var chain : listener.getFilterChainsList()) {
                for (var filter : chain.getFiltersList()) {
                    RouteConfiguration table = inlineTable(filter.getTypedConfig());
                    if (table != null) {
                        tables.add(new Loaded<>(table.getName(), "", table, started, null));
                    }
                }
            }
        }
        return tables;
    }

    private static @Nullable RouteConfiguration inlineTable(Any config) {
        if (!config.is(HttpConnectionManager.class)) {
            return null;
        }
        try {
            HttpConnectionManager manager = config.unpack(HttpConnectionManager.class);
            return manager.hasRouteConfig() ? manager.getRouteConfig() : null;
        } catch (InvalidProtocolBufferException e) {
            return null; // such a listener was refused
        }
    }

    private List<Listener> all(LoadedResources<Listener> listeners) {
        List<Listener> all = new ArrayList<>(bootstrap.getStaticResources().getListenersList());
        listeners.list().stream()
                .map(Loaded::resource)
                .filter(java.util.Objects::nonNull)
                .forEach(all::add);
        return all;
    }

    private Map<String, InetSocketAddress> bound(LoadedResources<Listener> listeners) {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        for (Listener listener : all(listeners)) {
            var socket = listener.getAddress().getSocketAddress();
            addresses.put(
                    listener.getName().isEmpty()
                            ? UUID.nameUUIDFromBytes(socket.toByteArray()).toString()
                            : listener.getName(),
                    InetSocketAddress.createUnresolved(socket.getAddress(), socket.getPortValue()));
        }
        return addresses;
    }

    private static ClusterView state(UpstreamCluster cluster) {
        List<ClusterView.Host> hosts = new ArrayList<>();
        int healthy = 0;
        for (UpstreamCluster.Placed placed : cluster.placed()) {
            Endpoint endpoint = placed.endpoint();
            healthy += placed.usable() && !endpoint.ejected() ? 1 : 0;
            hosts.add(
                    new ClusterView.Host(
                            endpoint.address().getHostString(),
                            endpoint.address().getPort(),
                            endpoint.hostname(),
                            placed.locality(),
                            placed.weight(),
                            placed.priority(),
                            endpoint.ejected(),
                            false,
                            !placed.usable(),
                            counts(endpoint)));
        }
        cluster.stats().levels(hosts.size(), healthy);
        return new ClusterView(cluster.proto(), true, hosts);
    }

    private static ClusterView.Counts counts(Endpoint endpoint) {
        return new ClusterView.Counts(
                endpoint.activeConnections(),
                endpoint.connectFailures(),
                endpoint.connections(),
                endpoint.activeRequests(),
                endpoint.errors(),
                0,
                endpoint.successes(),
                endpoint.timeouts(),
                endpoint.requests());
    }
}
