package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.v3.Percent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Endpoints are chosen, ejected and guarded as by the real Envoy")
@SuppressWarnings("NonApiType") // sorted for reading
class UpstreamComparisonTest {

    private static final List<String> NAMES = List.of("one", "two", "three");

    private static @Nullable SideBySide peers;
    private static List<Backend> backends = List.of();

    /** What of several outcomes is compared. */
    enum Compare {
        /** Each outcome in its order. */
        ALL,
        /** Which backends answered at all, since where a rotation begins is random. */
        REACHED,
        /** How many answers of each kind there were. */
        COUNTS,
        /** The same, whoever answered. */
        SHARES
    }

    /** Requests sent one after another. */
    record Row(String name, Compare compare, List<String> requests) {
        Row {
            requests = List.copyOf(requests);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        Optional<Path> binary = EnvoyPeer.binary();
        assumeTrue(
                binary.isPresent(),
                "no Envoy: put envoy on PATH or name it in MESHDOJO_ENVOY to run this");
        backends = NAMES.stream().map(Backend::new).toList();
        peers = new SideBySide(binary.get(), backends, UpstreamComparisonTest::snapshot);
    }

    @AfterAll
    static void stop() throws IOException {
        if (peers != null) {
            peers.close();
        }
        for (Backend backend : backends) {
            backend.close();
        }
    }

    private static XdsSnapshot snapshot(int port, String log) {
        int[] ports = backends.stream().mapToInt(Backend::port).toArray();
        int refused = SideBySide.freePort();
        List<Cluster.Builder> clusters = new ArrayList<>();
        List<Route> routes = new ArrayList<>();
        addHashing(clusters, routes, ports);
        addBreakers(clusters, routes, ports[0]);
        addOutliers(clusters, routes, ports);
        addLocalities(clusters, routes, ports, refused);
        clusters.add(Peers.cluster("plain", ports));
        routes.add(route("/", "plain", RouteAction.newBuilder()));
        return Peers.snapshot(
                List.of(Peers.listener(port, Peers.manager(log).build())),
                RouteConfiguration.newBuilder()
                        .setName("http.8080")
                        .addVirtualHosts(
                                VirtualHost.newBuilder()
                                        .setName("a")
                                        .addDomains("*")
                                        .setIncludeRequestAttemptCount(true)
                                        .addAllRoutes(routes))
                        .build(),
                clusters);
    }

    private static void addHashing(
            List<Cluster.Builder> clusters, List<Route> routes, int[] ports) {
        clusters.add(Peers.cluster("ring", ports).setLbPolicy(Cluster.LbPolicy.RING_HASH));
        clusters.add(
                Peers.cluster("small-ring", ports)
                        .setLbPolicy(Cluster.LbPolicy.RING_HASH)
                        .setRingHashLbConfig(
                                Cluster.RingHashLbConfig.newBuilder()
                                        .setMinimumRingSize(UInt64Value.of(1))
                                        .setMaximumRingSize(UInt64Value.of(8))));
        clusters.add(
                Peers.cluster("weighted-ring")
                        .setLbPolicy(Cluster.LbPolicy.RING_HASH)
                        .setLoadAssignment(weighted("weighted-ring", ports)));
        clusters.add(Peers.cluster("maglev", ports).setLbPolicy(Cluster.LbPolicy.MAGLEV));
        clusters.add(
                Peers.cluster("weighted-maglev")
                        .setLbPolicy(Cluster.LbPolicy.MAGLEV)
                        .setLoadAssignment(weighted("weighted-maglev", ports)));
        clusters.add(
                Peers.cluster("small-maglev", ports)
                        .setLbPolicy(Cluster.LbPolicy.MAGLEV)
                        .setMaglevLbConfig(
                                Cluster.MaglevLbConfig.newBuilder()
                                        .setTableSize(UInt64Value.of(7))));
        for (String cluster :
                List.of(
                        "ring",
                        "small-ring",
                        "weighted-ring",
                        "maglev",
                        "weighted-maglev",
                        "small-maglev")) {
            routes.add(hashed(cluster, "header", header("x-user")));
            routes.add(hashed(cluster, "path", header(":path")));
            routes.add(hashed(cluster, "source", source()));
            routes.add(hashed(cluster, "query", query("user")));
            routes.add(hashed(cluster, "cookie", cookie("user")));
            routes.add(hashed(cluster, "two", header("x-user"), query("user")));
            routes.add(
                    hashed(
                            cluster,
                            "terminal",
                            header("x-user").toBuilder().setTerminal(true).build(),
                            query("user")));
        }
    }

    private static ClusterLoadAssignment weighted(String cluster, int[] ports) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        for (int i = 0; i < ports.length; i++) {
            locality.addLbEndpoints(
                    endpoint(ports[i]).setLoadBalancingWeight(UInt32Value.of(1 + 2 * i)));
        }
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(cluster)
                .addEndpoints(locality)
                .build();
    }

    private static LbEndpoint.Builder endpoint(int port) {
        return LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder().setAddress(Peers.address(port)));
    }

    private static Route hashed(String cluster, String name, HashPolicy... policies) {
        return route(
                "/" + cluster + "/" + name,
                cluster,
                RouteAction.newBuilder().addAllHashPolicy(List.of(policies)));
    }

    private static HashPolicy header(String name) {
        return HashPolicy.newBuilder()
                .setHeader(HashPolicy.Header.newBuilder().setHeaderName(name))
                .build();
    }

    private static HashPolicy source() {
        return HashPolicy.newBuilder()
                .setConnectionProperties(
                        HashPolicy.ConnectionProperties.newBuilder().setSourceIp(true))
                .build();
    }

    private static HashPolicy query(String name) {
        return HashPolicy.newBuilder()
                .setQueryParameter(HashPolicy.QueryParameter.newBuilder().setName(name))
                .build();
    }

    private static HashPolicy cookie(String name) {
        return HashPolicy.newBuilder()
                .setCookie(HashPolicy.Cookie.newBuilder().setName(name))
                .build();
    }

    private static void addBreakers(
            List<Cluster.Builder> clusters, List<Route> routes, int backend) {
        RetryPolicy retry =
                RetryPolicy.newBuilder().setRetryOn("5xx").setNumRetries(UInt32Value.of(2)).build();
        record Limit(String name, Thresholds.Builder thresholds) {}
        UInt32Value none = UInt32Value.of(0);
        for (Limit limit :
                List.of(
                        new Limit(
                                "no-pending", Thresholds.newBuilder().setMaxPendingRequests(none)),
                        new Limit(
                                "one-request",
                                Thresholds.newBuilder().setMaxRequests(UInt32Value.of(1))),
                        new Limit("no-requests", Thresholds.newBuilder().setMaxRequests(none)),
                        new Limit(
                                "no-connections", Thresholds.newBuilder().setMaxConnections(none)),
                        new Limit("no-retries", Thresholds.newBuilder().setMaxRetries(none)),
                        new Limit(
                                "no-budget",
                                Thresholds.newBuilder()
                                        .setRetryBudget(
                                                Thresholds.RetryBudget.newBuilder()
                                                        .setBudgetPercent(Percent.newBuilder())
                                                        .setMinRetryConcurrency(none))),
                        new Limit(
                                "budget",
                                Thresholds.newBuilder()
                                        .setMaxRetries(none)
                                        .setRetryBudget(
                                                Thresholds.RetryBudget.newBuilder()
                                                        .setMinRetryConcurrency(
                                                                UInt32Value.of(1)))))) {
            clusters.add(
                    Peers.cluster(limit.name(), backend)
                            .setCircuitBreakers(
                                    CircuitBreakers.newBuilder()
                                            .addThresholds(limit.thresholds())));
            routes.add(
                    route(
                            "/" + limit.name(),
                            limit.name(),
                            RouteAction.newBuilder().setRetryPolicy(retry)));
        }
        routes.addFirst(route("/one-request/", "one-request", RouteAction.newBuilder(), "/"));
    }

    private static void addOutliers(
            List<Cluster.Builder> clusters, List<Route> routes, int[] ports) {
        OutlierDetection detection =
                OutlierDetection.newBuilder()
                        .setConsecutive5Xx(UInt32Value.of(2))
                        .setInterval(Durations.fromSeconds(60))
                        .setBaseEjectionTime(Durations.fromSeconds(60))
                        .setMaxEjectionPercent(UInt32Value.of(100))
                        .setEnforcingSuccessRate(UInt32Value.of(0))
                        .build();
        record Ejection(
                String name, OutlierDetection detection, int panic, int hosts, int mergeSeconds) {
            Ejection(String name, OutlierDetection detection, int panic, int hosts) {
                this(name, detection, panic, hosts, 0);
            }
        }
        for (Ejection each :
                List.of(
                        new Ejection("eject", detection, 0, 1),
                        new Ejection("eject-panic", detection, 50, 1),
                        new Ejection("eject-three", detection, 0, 3),
                        new Ejection("eject-merged", detection, 0, 3, 600),
                        new Ejection(
                                "eject-third",
                                detection.toBuilder()
                                        .setMaxEjectionPercent(UInt32Value.of(34))
                                        .build(),
                                0,
                                3),
                        new Ejection(
                                "eject-ten-percent",
                                detection.toBuilder()
                                        .setMaxEjectionPercent(UInt32Value.of(10))
                                        .build(),
                                0,
                                3),
                        new Ejection(
                                "eject-gateway",
                                detection.toBuilder()
                                        .setConsecutive5Xx(UInt32Value.of(100))
                                        .setConsecutiveGatewayFailure(UInt32Value.of(2))
                                        .setEnforcingConsecutiveGatewayFailure(UInt32Value.of(100))
                                        .build(),
                                0,
                                1),
                        new Ejection(
                                "eject-local",
                                detection.toBuilder()
                                        .setSplitExternalLocalOriginErrors(true)
                                        .setConsecutiveLocalOriginFailure(UInt32Value.of(2))
                                        .build(),
                                0,
                                1),
                        new Ejection(
                                "eject-never",
                                detection.toBuilder()
                                        .setEnforcingConsecutive5Xx(UInt32Value.of(0))
                                        .build(),
                                0,
                                1))) {
            Cluster.Builder cluster =
                    Peers.cluster(each.name(), java.util.Arrays.copyOf(ports, each.hosts()))
                            .setOutlierDetection(each.detection());
            cluster.getCommonLbConfigBuilder()
                    .setHealthyPanicThreshold(
                            io.envoyproxy.envoy.type.v3.Percent.newBuilder()
                                    .setValue(each.panic()));
            cluster.getCommonLbConfigBuilder()
                    .setUpdateMergeWindow(Durations.fromSeconds(each.mergeSeconds()));
            clusters.add(cluster);
            routes.add(route("/" + each.name() + "/", each.name(), RouteAction.newBuilder(), "/"));
        }
    }

    private static void addLocalities(
            List<Cluster.Builder> clusters, List<Route> routes, int[] ports, int refused) {
        clusters.add(
                Peers.cluster("failover")
                        .setLoadAssignment(
                                assignment(
                                        "failover",
                                        locality("a", 0, 0, HealthStatus.UNHEALTHY, ports[0]),
                                        locality("b", 1, 0, HealthStatus.HEALTHY, ports[1]),
                                        locality("c", 2, 0, HealthStatus.HEALTHY, ports[2]))));
        clusters.add(
                Peers.cluster("half-failover")
                        .setLoadAssignment(
                                assignment(
                                        "half-failover",
                                        locality("a", 0, 0, HealthStatus.UNHEALTHY, ports[0])
                                                .addLbEndpoints(endpoint(ports[1])),
                                        locality("b", 1, 0, HealthStatus.HEALTHY, ports[2]))));
        clusters.add(
                Peers.cluster("panic")
                        .setLoadAssignment(
                                assignment(
                                        "panic",
                                        locality(
                                                        "a",
                                                        0,
                                                        0,
                                                        HealthStatus.UNHEALTHY,
                                                        ports[0],
                                                        ports[1])
                                                .addLbEndpoints(endpoint(ports[2])))));
        Cluster.Builder calm =
                Peers.cluster("calm")
                        .setLoadAssignment(
                                assignment(
                                        "calm",
                                        locality(
                                                        "a",
                                                        0,
                                                        0,
                                                        HealthStatus.UNHEALTHY,
                                                        ports[0],
                                                        ports[1])
                                                .addLbEndpoints(endpoint(ports[2]))));
        calm.getCommonLbConfigBuilder()
                .setHealthyPanicThreshold(io.envoyproxy.envoy.type.v3.Percent.getDefaultInstance());
        clusters.add(calm);
        Cluster.Builder sick =
                Peers.cluster("sick")
                        .setLoadAssignment(
                                assignment(
                                        "sick",
                                        locality("a", 0, 0, HealthStatus.UNHEALTHY, ports)));
        sick.getCommonLbConfigBuilder()
                .setHealthyPanicThreshold(io.envoyproxy.envoy.type.v3.Percent.getDefaultInstance());
        clusters.add(sick);
        clusters.add(
                Peers.cluster("draining")
                        .setLoadAssignment(
                                assignment(
                                        "draining",
                                        locality("a", 0, 0, HealthStatus.DRAINING, ports[0])
                                                .addLbEndpoints(
                                                        endpoint(ports[1])
                                                                .setHealthStatus(
                                                                        HealthStatus.DEGRADED))
                                                .addLbEndpoints(endpoint(ports[2])))));
        Cluster.Builder weights =
                Peers.cluster("weights")
                        .setLoadAssignment(
                                assignment(
                                        "weights",
                                        locality("a", 0, 3, HealthStatus.HEALTHY, ports[0]),
                                        locality("b", 0, 1, HealthStatus.HEALTHY, ports[1])));
        weights.getCommonLbConfigBuilder()
                .setLocalityWeightedLbConfig(
                        Cluster.CommonLbConfig.LocalityWeightedLbConfig.getDefaultInstance());
        clusters.add(weights);
        clusters.add(
                Peers.cluster("endpoint-weights")
                        .setLoadAssignment(weighted("endpoint-weights", ports)));
        clusters.add(Peers.cluster("one-refuses", refused, ports[0]));
        RetryPolicy avoiding =
                RetryPolicy.newBuilder()
                        .setRetryOn("connect-failure,refused-stream")
                        .setNumRetries(UInt32Value.of(2))
                        .setHostSelectionRetryMaxAttempts(5)
                        .addRetryHostPredicate(
                                RetryPolicy.RetryHostPredicate.newBuilder()
                                        .setName("envoy.retry_host_predicates.previous_hosts")
                                        .setTypedConfig(
                                                com.google.protobuf.Any.pack(
                                                        io.envoyproxy.envoy.extensions.retry.host
                                                                .previous_hosts.v3
                                                                .PreviousHostsPredicate
                                                                .getDefaultInstance())))
                        .build();
        for (String name :
                List.of(
                        "failover",
                        "half-failover",
                        "panic",
                        "calm",
                        "sick",
                        "draining",
                        "weights",
                        "endpoint-weights")) {
            routes.add(route("/" + name, name, RouteAction.newBuilder()));
        }
        routes.add(
                route(
                        "/one-refuses",
                        "one-refuses",
                        RouteAction.newBuilder().setRetryPolicy(avoiding)));
    }

    private static LocalityLbEndpoints.Builder locality(
            String zone, int priority, int weight, HealthStatus health, int... ports) {
        LocalityLbEndpoints.Builder locality =
                LocalityLbEndpoints.newBuilder()
                        .setLocality(Locality.newBuilder().setRegion("r").setZone(zone))
                        .setPriority(priority);
        if (weight > 0) {
            locality.setLoadBalancingWeight(UInt32Value.of(weight));
        }
        for (int port : ports) {
            locality.addLbEndpoints(endpoint(port).setHealthStatus(health));
        }
        return locality;
    }

    private static ClusterLoadAssignment assignment(
            String cluster, LocalityLbEndpoints.Builder... localities) {
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder().setClusterName(cluster);
        for (LocalityLbEndpoints.Builder each : localities) {
            assignment.addEndpoints(each);
        }
        return assignment.build();
    }

    private static Route route(String prefix, String cluster, RouteAction.Builder action) {
        return Route.newBuilder()
                .setName(cluster)
                .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
                .setRoute(action.setCluster(cluster).setTimeout(Durations.ZERO))
                .build();
    }

    private static Route route(
            String prefix, String cluster, RouteAction.Builder action, String rewrite) {
        return route(prefix, cluster, action.setPrefixRewrite(rewrite));
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String cluster :
                List.of(
                        "ring",
                        "small-ring",
                        "weighted-ring",
                        "maglev",
                        "weighted-maglev",
                        "small-maglev")) {
            for (String policy : List.of("header", "path", "query", "cookie", "two", "terminal")) {
                rows.add(
                        new Row(
                                cluster + " by " + policy,
                                Compare.ALL,
                                times(
                                        24,
                                        i ->
                                                get(
                                                        "/" + cluster + "/" + policy + "?user=q"
                                                                + i,
                                                        "x-user: user-"
                                                                + i
                                                                + "\r\ncookie: a=b; user=c"
                                                                + i
                                                                + "\r\n"))));
            }
            rows.add(
                    new Row(
                            cluster + " by source",
                            Compare.ALL,
                            times(2, i -> get("/" + cluster + "/source", ""))));
        }
        for (String limit :
                List.of(
                        "no-pending",
                        "no-requests",
                        "no-connections",
                        "no-retries",
                        "no-budget",
                        "budget")) {
            rows.add(new Row(limit, Compare.ALL, List.of(get("/" + limit, ""))));
            rows.add(
                    new Row(
                            limit + " failing",
                            Compare.ALL,
                            List.of(get("/" + limit, "x-fail: 503\r\n"))));
        }
        rows.add(
                new Row(
                        "what closed early no longer counts",
                        Compare.ALL,
                        List.of(
                                get("/one-request/close", ""),
                                get("/one-request/garbage", ""),
                                get("/one-request/cut", ""),
                                get("/one-request/", ""))));
        for (String name :
                List.of("eject", "eject-panic", "eject-gateway", "eject-never", "eject-local")) {
            rows.add(
                    new Row(
                            name,
                            Compare.ALL,
                            List.of(
                                    get("/" + name + "/status/500", ""),
                                    get("/" + name + "/status/200", ""),
                                    get("/" + name + "/status/500", ""),
                                    get("/" + name + "/status/503", ""),
                                    get("/" + name + "/status/503", ""),
                                    get("/" + name + "/status/200", ""),
                                    get("/" + name + "/close", ""),
                                    get("/" + name + "/close", ""),
                                    get("/" + name + "/status/200", ""))));
        }
        for (String name :
                List.of("eject-three", "eject-merged", "eject-third", "eject-ten-percent")) {
            rows.add(
                    new Row(
                            name,
                            Compare.SHARES,
                            Stream.concat(
                                            times(18, i -> get("/" + name + "/status/503", ""))
                                                    .stream(),
                                            times(12, i -> get("/" + name + "/status/200", ""))
                                                    .stream())
                                    .toList()));
        }
        for (String name : List.of("failover", "calm", "sick", "draining", "panic")) {
            rows.add(new Row(name, Compare.REACHED, times(40, i -> get("/" + name, ""))));
        }
        rows.add(
                new Row(
                        "half-failover",
                        Compare.REACHED,
                        times(80, i -> get("/half-failover", ""))));
        rows.add(new Row("weights", Compare.REACHED, times(40, i -> get("/weights", ""))));
        rows.add(
                new Row(
                        "endpoint-weights",
                        Compare.COUNTS,
                        times(18, i -> get("/endpoint-weights", ""))));
        rows.add(new Row("round robin", Compare.COUNTS, times(9, i -> get("/", ""))));
        rows.add(new Row("one-refuses", Compare.REACHED, times(8, i -> get("/one-refuses", ""))));
        return rows.stream();
    }

    private static List<String> times(int count, IntFunction<String> request) {
        return IntStream.range(0, count).mapToObj(request).toList();
    }

    private static String get(String path, String lines) {
        return "GET " + path + " HTTP/1.1\r\nhost: a.example.com\r\n" + lines + "\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(Row row) {
        SideBySide both = java.util.Objects.requireNonNull(peers);
        List<SideBySide.Outcome> envoy = row.requests().stream().map(both::envoy).toList();
        List<SideBySide.Outcome> ours = row.requests().stream().map(both::ours).toList();
        assertThat(summary(row.compare(), ours)).isEqualTo(summary(row.compare(), envoy));
    }

    private static String summary(Compare compare, List<SideBySide.Outcome> outcomes) {
        return switch (compare) {
            case ALL ->
                    String.join("\n", outcomes.stream().map(SideBySide.Outcome::toString).toList());
            case REACHED -> String.join(",", counts(outcomes).keySet());
            case COUNTS -> counts(outcomes).toString();
            case SHARES ->
                    counts(outcomes).entrySet().stream()
                            .map(
                                    entry ->
                                            entry.getKey().replaceAll(" (one|two|three)$", "")
                                                    + "="
                                                    + entry.getValue())
                            .sorted()
                            .toList()
                            .toString();
        };
    }

    private static TreeMap<String, Integer> counts(List<SideBySide.Outcome> outcomes) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (SideBySide.Outcome outcome : outcomes) {
            counts.merge(
                    outcome.answer().status() + " " + outcome.answer().body(), 1, Integer::sum);
        }
        return counts;
    }
}
