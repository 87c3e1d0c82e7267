package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Every HTTP exchange comes out as the real Envoy's")
class HttpComparisonTest {

    private static @Nullable SideBySide peers;
    private static @Nullable Backend backend;

    /** One request, byte for byte. */
    record Row(String name, String bytes) {
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
        Backend one = new Backend("one");
        backend = one;
        peers =
                new SideBySide(
                        binary.get(), List.of(one), (port, log) -> snapshot(port, log, one.port()));
    }

    @AfterAll
    static void stop() throws IOException {
        if (peers != null) {
            peers.close();
        }
        if (backend != null) {
            backend.close();
        }
    }

    static XdsSnapshot snapshot(int port, String log, int backendPort) {
        int refused = SideBySide.freePort();
        List<Cluster.Builder> clusters =
                List.of(
                        Peers.cluster("one", backendPort),
                        Peers.cluster("empty"),
                        Peers.cluster("refused", refused));
        RetryPolicy byDefault =
                RetryPolicy.newBuilder()
                        .setRetryOn(
                                "connect-failure,refused-stream,unavailable,cancelled,"
                                        + "retriable-status-codes")
                        .setNumRetries(UInt32Value.of(2))
                        .build();
        RetryPolicy serverErrors = byDefault.toBuilder().setRetryOn("5xx").build();
        List<Route> routes = new ArrayList<>();
        routes.add(
                route("/redirect")
                        .setRedirect(
                                RedirectAction.newBuilder()
                                        .setHostRedirect("other.example.com")
                                        .setPathRedirect("/there"))
                        .build());
        routes.add(
                route("/direct")
                        .setDirectResponse(
                                DirectResponseAction.newBuilder()
                                        .setStatus(418)
                                        .setBody(
                                                DataSource.newBuilder()
                                                        .setInlineString("short and stout")))
                        .build());
        routes.add(
                route("/nothing")
                        .setDirectResponse(DirectResponseAction.newBuilder().setStatus(204))
                        .build());
        routes.add(route("/missing").setRoute(to("absent")).build());
        routes.add(route("/empty").setRoute(to("empty")).build());
        routes.add(route("/refused").setRoute(to("refused").setRetryPolicy(byDefault)).build());
        routes.add(route("/once").setRoute(to("refused")).build());
        routes.add(
                route("/slow")
                        .setRoute(to("one").setTimeout(millis(300)).setRetryPolicy(byDefault))
                        .build());
        routes.add(
                route("/tries")
                        .setRoute(
                                to("one")
                                        .setPrefixRewrite("/slow")
                                        .setRetryPolicy(
                                                serverErrors.toBuilder()
                                                        .setPerTryTimeout(millis(100))))
                        .build());
        routes.add(
                route("/try")
                        .setRoute(
                                to("one")
                                        .setPrefixRewrite("/slow")
                                        .setRetryPolicy(
                                                byDefault.toBuilder()
                                                        .setPerTryTimeout(millis(100))))
                        .build());
        routes.add(route("/fail").setRoute(to("one").setRetryPolicy(serverErrors)).build());
        routes.add(
                route("/rewritten")
                        .setRoute(
                                to("one")
                                        .setPrefixRewrite("/new")
                                        .setHostRewriteLiteral("new.host"))
                        .build());
        routes.add(
                route("/headers")
                        .setRoute(to("one"))
                        .addRequestHeadersToAdd(option("x-added", "%REQ(:path)% %PROTOCOL%"))
                        .addRequestHeadersToRemove("x-gone")
                        .addResponseHeadersToAdd(option("x-back", "%RESPONSE_CODE%"))
                        .build());
        routes.add(route("/").setRoute(to("one").setRetryPolicy(byDefault)).build());
        return Peers.snapshot(
                List.of(Peers.listener(port, Peers.manager(log).build())),
                RouteConfiguration.newBuilder()
                        .setName("http.8080")
                        .setIgnorePortInHostMatching(true)
                        .setValidateClusters(BoolValue.of(false))
                        .addVirtualHosts(
                                VirtualHost.newBuilder()
                                        .setName("a.example.com:80")
                                        .addDomains("a.example.com")
                                        .setIncludeRequestAttemptCount(true)
                                        .addAllRoutes(routes))
                        .build(),
                clusters);
    }

    private static Duration millis(int millis) {
        return Duration.newBuilder().setNanos(millis * 1_000_000).build();
    }

    private static HeaderValueOption option(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .build();
    }

    private static RouteAction.Builder to(String cluster) {
        return RouteAction.newBuilder()
                .setCluster(cluster)
                .setTimeout(Duration.getDefaultInstance());
    }

    private static Route.Builder route(String prefix) {
        return Route.newBuilder()
                .setName(prefix.substring(1).isEmpty() ? "rest" : prefix.substring(1))
                .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
                .setDecorator(Decorator.newBuilder().setOperation("one.apps:80" + prefix + "*"));
    }

    static Stream<Row> rows() {
        return HttpRows.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(Row row) {
        SideBySide both = java.util.Objects.requireNonNull(peers);
        SideBySide.Outcome envoy = both.envoy(row.bytes());
        SideBySide.Outcome ours = both.ours(row.bytes());
        assertThat(ours).describedAs(row.bytes()).hasToString(envoy.toString());
    }
}
