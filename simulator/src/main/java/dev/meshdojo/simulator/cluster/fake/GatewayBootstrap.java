package dev.meshdojo.simulator.cluster.fake;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.AdminOptions;
import dev.meshdojo.gateway.telemetry.IstioMetrics.Workload;
import dev.meshdojo.simulator.apps.Container;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import io.envoyproxy.envoy.config.metrics.v3.TagSpecifier;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What pilot-agent starts a gateway's Envoy with: node, ports that tell about it, statistics kept.
 *
 * <p>Source: Istio's bootstrap of a proxy without annotations.
 */
final class GatewayBootstrap {

    private static final int ADMIN_PORT = 15000;
    private static final int AGENT_PORT = 15020;
    private static final int HEALTH_PORT = 15021;
    private static final int PROMETHEUS_PORT = 15090;
    private static final List<String> KEPT_PREFIXES =
            List.of(
                    "reporter=",
                    "cluster_manager",
                    "listener_manager",
                    "server",
                    "cluster.xds-grpc",
                    "wasm",
                    "component",
                    "istio");
    private static final List<String> KEPT_SUFFIXES =
            List.of(
                    "rbac.allowed",
                    "rbac.denied",
                    "shadow_allowed",
                    "shadow_denied",
                    "downstream_cx_active");
    private static final Map<String, String> TAGS = tags();

    private GatewayBootstrap() {}

    /** What the proxy in {@code container} tells about itself, and where. */
    static AdminOptions options(Container container) {
        return new AdminOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), ADMIN_PORT),
                new InetSocketAddress("0.0.0.0", PROMETHEUS_PORT),
                new InetSocketAddress("0.0.0.0", AGENT_PORT),
                bootstrap(container),
                workload(container));
    }

    private static Workload workload(Container container) {
        Map<String, String> labels = container.pod().labels();
        String workload = Traffic.workload(container);
        return new Workload(
                workload,
                container.pod().namespace(),
                "unknown",
                labels.getOrDefault("app", "unknown"),
                labels.getOrDefault("version", "unknown"),
                "Kubernetes",
                labels.getOrDefault(
                        "service.istio.io/canonical-name", labels.getOrDefault("app", workload)),
                labels.getOrDefault("service.istio.io/canonical-revision", "latest"));
    }

    private static Bootstrap bootstrap(Container container) {
        Bootstrap.Builder bootstrap =
                Bootstrap.newBuilder().setNode(node(container)).setStatsConfig(statistics());
        bootstrap.getAdminBuilder().setAddress(address("127.0.0.1", ADMIN_PORT));
        bootstrap
                .getStaticResourcesBuilder()
                .addListeners(
                        listener(PROMETHEUS_PORT, "stats", "/stats/prometheus", "prometheus_stats"))
                .addListeners(listener(HEALTH_PORT, "agent", "/healthz/ready", "agent"))
                .addClusters(cluster("prometheus_stats", address("127.0.0.1", ADMIN_PORT)))
                .addClusters(cluster("agent", address("127.0.0.1", AGENT_PORT)))
                .addClusters(
                        cluster("sds-grpc", pipe("./var/run/secrets/workload-spiffe-uds/socket")))
                .addClusters(cluster("xds-grpc", pipe("./etc/istio/proxy/XDS")));
        return bootstrap.build();
    }

    private static Node node(Container container) {
        String namespace = container.pod().namespace();
        String pod = container.pod().name();
        Struct.Builder metadata =
                Struct.newBuilder()
                        .putFields("NAME", text(pod))
                        .putFields("NAMESPACE", text(namespace))
                        .putFields("CLUSTER_ID", text("Kubernetes"))
                        .putFields("WORKLOAD_NAME", text(Traffic.workload(container)));
        Struct.Builder labels = Struct.newBuilder();
        container.pod().labels().forEach((name, value) -> labels.putFields(name, text(value)));
        metadata.putFields("LABELS", Value.newBuilder().setStructValue(labels).build());
        return Node.newBuilder()
                .setId(
                        "router~"
                                + container.network().podIp()
                                + "~"
                                + pod
                                + "."
                                + namespace
                                + "~"
                                + namespace
                                + ".svc.cluster.local")
                .setCluster(Traffic.workload(container) + "." + namespace)
                .setMetadata(metadata)
                .build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }

    private static StatsConfig statistics() {
        StatsConfig.Builder config = StatsConfig.newBuilder();
        config.getUseAllDefaultTagsBuilder().setValue(false);
        TAGS.forEach(
                (name, regex) ->
                        config.addStatsTags(
                                TagSpecifier.newBuilder().setTagName(name).setRegex(regex)));
        var kept = config.getStatsMatcherBuilder().getInclusionListBuilder();
        KEPT_PREFIXES.forEach(
                prefix -> kept.addPatterns(StringMatcher.newBuilder().setPrefix(prefix)));
        KEPT_SUFFIXES.forEach(
                suffix -> kept.addPatterns(StringMatcher.newBuilder().setSuffix(suffix)));
        kept.addPatterns(
                StringMatcher.newBuilder()
                        .setSafeRegex(
                                RegexMatcher.newBuilder().setRegex("vhost\\..*\\.route\\..*")));
        return config.build();
    }

    private static Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("cluster_name", "^cluster(\\.(.+);)");
        tags.put("tcp_prefix", "^tcp\\.((.*?)\\.)\\w+?$");
        tags.put("response_code", "_rq(_(\\d{3}))$");
        tags.put("response_code_class", "_rq(_(\\dxx))$");
        tags.put(
                "http_conn_manager_prefix",
                "^http\\.(((?:[_.[:digit:]\\w]*|[_\\[\\]aAbBcCdDeEfF[:digit:]\\w\\:]*));\\.)");
        return tags;
    }

    private static Listener listener(int port, String prefix, String path, String cluster) {
        HttpConnectionManager manager =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix(prefix)
                        .setRouteConfig(
                                RouteConfiguration.newBuilder()
                                        .addVirtualHosts(
                                                VirtualHost.newBuilder()
                                                        .setName("backend")
                                                        .addDomains("*")
                                                        .addRoutes(route(path, cluster))))
                        .addHttpFilters(
                                HttpFilter.newBuilder()
                                        .setName("envoy.filters.http.router")
                                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                        .build();
        return Listener.newBuilder()
                .setAddress(address("0.0.0.0", port))
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(
                                        Filter.newBuilder()
                                                .setName(
                                                        "envoy.filters.network."
                                                                + "http_connection_manager")
                                                .setTypedConfig(Any.pack(manager))))
                .build();
    }

    private static Route route(String path, String cluster) {
        return Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix(path))
                .setRoute(RouteAction.newBuilder().setCluster(cluster))
                .build();
    }

    private static Cluster cluster(String name, Address address) {
        return Cluster.newBuilder()
                .setName(name)
                .setAltStatName(name + ";")
                .setType(Cluster.DiscoveryType.STATIC)
                .setConnectTimeout(Durations.fromMillis(250))
                .setLoadAssignment(
                        ClusterLoadAssignment.newBuilder()
                                .setClusterName(name)
                                .addEndpoints(
                                        LocalityLbEndpoints.newBuilder()
                                                .addLbEndpoints(
                                                        LbEndpoint.newBuilder()
                                                                .setEndpoint(
                                                                        Endpoint.newBuilder()
                                                                                .setAddress(
                                                                                        address)))))
                .build();
    }

    private static Address address(String host, int port) {
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
                .build();
    }

    private static Address pipe(String path) {
        Address.Builder address = Address.newBuilder();
        address.getPipeBuilder().setPath(path);
        return address.build();
    }
}
