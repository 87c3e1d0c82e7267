package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Filters that a listener is given do what the real Envoy's do")
class ChainComparisonTest {

    private static final List<ChainRows.Row> ROWS = ChainRows.all();
    private static @Nullable SideBySide peers;
    private static @Nullable Backend backend;
    private static @Nullable Backend authz;
    private static @Nullable Http2Backend grpc;

    @BeforeAll
    static void start() {
        Optional<Path> binary = EnvoyPeer.binary();
        assumeTrue(
                binary.isPresent(),
                "no Envoy: put envoy on PATH or name it in MESHDOJO_ENVOY to run this");
        Backend one = new Backend("one");
        Backend two = new Backend("authz");
        Http2Backend three = new Http2Backend();
        backend = one;
        authz = two;
        grpc = three;
        int refused = SideBySide.freePort();
        List<Cluster.Builder> clusters =
                List.of(
                        Peers.cluster("one", one.port()),
                        Peers.cluster("authz", two.port()),
                        Peers.cluster("grpc-authz", three.port())
                                .putTypedExtensionProtocolOptions(
                                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                                        Any.pack(http2())),
                        Peers.cluster("refused", refused));
        peers =
                new SideBySide(
                        binary.get(),
                        List.of(one, two),
                        ROWS.size(),
                        (ports, log) -> snapshot(ports, log, clusters),
                        three::take);
    }

    private static HttpProtocolOptions http2() {
        HttpProtocolOptions.Builder options = HttpProtocolOptions.newBuilder();
        options.getExplicitHttpConfigBuilder()
                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
        return options.build();
    }

    @AfterAll
    static void stop() throws IOException {
        if (peers != null) {
            peers.close();
        }
        if (backend != null) {
            backend.close();
        }
        if (authz != null) {
            authz.close();
        }
        if (grpc != null) {
            grpc.close();
        }
    }

    private static XdsSnapshot snapshot(int[] ports, String log, List<Cluster.Builder> clusters) {
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < ports.length; i++) {
            ChainRows.Row row = ROWS.get(i);
            HttpConnectionManager.Builder manager = Peers.manager(log);
            HttpFilter router = manager.getHttpFilters(0);
            manager.clearHttpFilters()
                    .addAllHttpFilters(row.filters())
                    .addHttpFilters(router)
                    .clearRds()
                    .setRouteConfig(routes(row));
            listeners.add(
                    Peers.listener(ports[i], manager.build()).toBuilder()
                            .setName("row-" + i)
                            .build());
        }
        return Peers.snapshot(listeners, RouteConfiguration.getDefaultInstance(), clusters);
    }

    private static RouteConfiguration routes(ChainRows.Row row) {
        Route.Builder own =
                Route.newBuilder()
                        .setName("own")
                        .setMatch(RouteMatch.newBuilder().setPrefix("/own"))
                        .setRoute(RouteAction.newBuilder().setCluster("one"));
        if (row.route() != null) {
            own.putTypedPerFilterConfig(row.filters().getFirst().getName(), row.route());
        }
        return RouteConfiguration.newBuilder()
                .setName("routes")
                .addVirtualHosts(
                        VirtualHost.newBuilder()
                                .setName("all")
                                .addDomains("*")
                                .addRoutes(own)
                                .addRoutes(
                                        Route.newBuilder()
                                                .setName("rest")
                                                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                                                .setRoute(
                                                        RouteAction.newBuilder()
                                                                .setCluster("one")
                                                                .setPrefixRewrite("/up/"))))
                .build();
    }

    /** Without the name of the proxy's own cluster, which ours does not have. */
    private static String known(SideBySide.Outcome envoy) {
        return envoy.toString().replaceAll("\n? *x-envoy-upstream-healthchecked-cluster: peer", "");
    }

    static Stream<ChainRows.Row> rows() {
        return ROWS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(ChainRows.Row row) {
        SideBySide both = Objects.requireNonNull(peers);
        int listener = ROWS.indexOf(row);
        for (String request : row.requests()) {
            SideBySide.Outcome envoy = both.envoy(listener, request, RawClient.Patience.USUAL);
            SideBySide.Outcome ours = both.ours(listener, request, RawClient.Patience.USUAL);
            assertThat(ours).describedAs(request).hasToString(known(envoy));
        }
    }
}
