package dev.meshdojo.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.gateway.telemetry.IstioMetrics.Workload;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A runtime tells about itself on the ports it is given")
class GatewayAdminTest {

    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayRuntime runtime = start(Bootstrap.getDefaultInstance());

    private static GatewayRuntime start(Bootstrap bootstrap) {
        return GatewayRuntime.start(
                GatewayOptions.defaults()
                        .withAdmin(
                                new AdminOptions(
                                        ANY,
                                        new InetSocketAddress("127.0.0.2", 0),
                                        null,
                                        bootstrap,
                                        new Workload(
                                                "istio-ingressgateway",
                                                "istio-system",
                                                "unknown",
                                                "istio-ingressgateway",
                                                "unknown",
                                                "Kubernetes",
                                                "istio-ingressgateway",
                                                "latest"))));
    }

    @BeforeEach
    void serve() throws Exception {
        apply();
    }

    private void apply() throws IOException, InterruptedException {
        int refused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused = socket.getLocalPort();
        }
        assertThat(runtime.apply(snapshot(refused)).rejections()).isEmpty();
        int port = requireNonNull(runtime.listening().get("l")).getFirst().getPort();
        assertThat(get(port, "127.0.0.1", "/a").statusCode()).isEqualTo(503);
        assertThat(get(port, "127.0.0.1", "/none").statusCode()).isEqualTo(404);
    }

    @AfterEach
    void stop() {
        runtime.close();
    }

    private static XdsSnapshot snapshot(int refused) {
        Struct.Builder service =
                Struct.newBuilder()
                        .putFields("host", text("a.apps.svc.cluster.local"))
                        .putFields("name", text("a"))
                        .putFields("namespace", text("apps"));
        Value.Builder services = Value.newBuilder();
        services.getListValueBuilder().addValuesBuilder().setStructValue(service);
        ClusterLoadAssignment.Builder assignment =
                ClusterLoadAssignment.newBuilder().setClusterName("outbound|80||a");
        assignment
                .addEndpointsBuilder()
                .addLbEndpointsBuilder()
                .setMetadata(metadata("workload", text("a-v1;apps;a;v1;Kubernetes")))
                .getEndpointBuilder()
                .setAddress(address(refused));
        Cluster cluster =
                Cluster.newBuilder()
                        .setName("outbound|80||a")
                        .setType(Cluster.DiscoveryType.STATIC)
                        .setConnectTimeout(Durations.fromSeconds(1))
                        .setMetadata(metadata("services", services.build()))
                        .setLoadAssignment(assignment)
                        .build();
        HttpConnectionManager manager =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix("p")
                        .setRouteConfig(
                                RouteConfiguration.newBuilder()
                                        .setName("r")
                                        .addVirtualHosts(
                                                VirtualHost.newBuilder()
                                                        .setName("v")
                                                        .addDomains("*")
                                                        .addRoutes(route())))
                        .addHttpFilters(
                                HttpFilter.newBuilder()
                                        .setName("envoy.filters.http.router")
                                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                        .build();
        Listener listener =
                Listener.newBuilder()
                        .setName("l")
                        .setAddress(address(0))
                        .addFilterChains(
                                FilterChain.newBuilder()
                                        .addFilters(
                                                Filter.newBuilder()
                                                        .setName("hcm")
                                                        .setTypedConfig(Any.pack(manager))))
                        .build();
        return new XdsSnapshot(
                "7", List.of(listener), List.of(), List.of(cluster), List.of(), List.of());
    }

    private static Metadata metadata(String field, Value value) {
        return Metadata.newBuilder()
                .putFilterMetadata("istio", Struct.newBuilder().putFields(field, value).build())
                .build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }

    private static Route route() {
        return Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix("/a"))
                .setRoute(RouteAction.newBuilder().setCluster("outbound|80||a"))
                .build();
    }

    private static Address address(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    @Test
    void istiosRequestMetricNamesServiceAndWorkload() {
        String wanted =
                "istio_requests_total{reporter=\"source\","
                        + "source_workload=\"istio-ingressgateway\","
                        + "source_canonical_service=\"istio-ingressgateway\","
                        + "source_canonical_revision=\"latest\","
                        + "source_workload_namespace=\"istio-system\","
                        + "source_principal=\"unknown\","
                        + "source_app=\"istio-ingressgateway\",source_version=\"unknown\","
                        + "source_cluster=\"Kubernetes\",destination_workload=\"a-v1\","
                        + "destination_workload_namespace=\"apps\","
                        + "destination_principal=\"unknown\",destination_app=\"unknown\","
                        + "destination_version=\"unknown\","
                        + "destination_service=\"a.apps.svc.cluster.local\","
                        + "destination_canonical_service=\"a\","
                        + "destination_canonical_revision=\"v1\","
                        + "destination_service_name=\"a\","
                        + "destination_service_namespace=\"apps\","
                        + "destination_cluster=\"Kubernetes\",request_protocol=\"http\","
                        + "response_code=\"503\",grpc_response_status=\"\","
                        + "response_flags=\"UF\",connection_security_policy=\"unknown\"} 1\n";
        await().untilAsserted(() -> assertThat(prometheus("/stats/prometheus")).contains(wanted));
    }

    @Test
    void thePrometheusPortServesNothingElse() throws Exception {
        assertThat(prometheus("/config_dump")).isEmpty();
    }

    @Test
    void configDumpTellsWhatIsInForceAndItsVersion() throws Exception {
        assertThat(admin("/config_dump").body())
                .contains("\"version_info\": \"7\"", "\"name\": \"outbound|80||a\"");
        assertThat(admin("/ready").body()).isEqualTo("LIVE\n");
        assertThat(admin("/clusters").body()).contains("cx_connect_fail::1\n");
    }

    @Test
    void onlyStatisticsThatTheBootstrapIncludesAreKept() throws Exception {
        runtime.close();
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
        bootstrap
                .getStatsConfigBuilder()
                .getStatsMatcherBuilder()
                .getInclusionListBuilder()
                .addPatterns(StringMatcher.newBuilder().setPrefix("cluster_manager"));
        runtime = start(bootstrap.build());
        apply();

        assertThat(admin("/stats").body().lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("cluster_manager"));
    }

    private HttpResponse<String> admin(String path) throws IOException, InterruptedException {
        return get(Objects.requireNonNull(runtime.adminAddress()).getPort(), "127.0.0.1", path);
    }

    private String prometheus(String path) throws IOException, InterruptedException {
        return get(Objects.requireNonNull(runtime.prometheusAddress()).getPort(), "127.0.0.2", path)
                .body();
    }

    private HttpResponse<String> get(int port, String host, String path)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
