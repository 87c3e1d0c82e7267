package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
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

@DisplayName("HTTP filters do what the real Envoy's do")
class FilterComparisonTest {

    private static final List<FilterRows.Row> ROWS = FilterRows.all();
    private static @Nullable SideBySide peers;
    private static @Nullable Backend backend;

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

    private static XdsSnapshot snapshot(int port, String log, int backendPort) {
        HttpConnectionManager.Builder manager =
                Peers.manager(log)
                        .clearHttpFilters()
                        .addHttpFilters(
                                filter("header_mutation", HeaderMutation.getDefaultInstance()))
                        .addHttpFilters(filter("lua", Lua.getDefaultInstance()))
                        .addHttpFilters(filter("cors", Cors.getDefaultInstance()))
                        .addHttpFilters(filter("rbac", RBAC.getDefaultInstance()))
                        .addHttpFilters(filter("fault", HTTPFault.getDefaultInstance()))
                        .addHttpFilters(
                                filter(
                                        "local_ratelimit",
                                        LocalRateLimit.newBuilder().setStatPrefix("base").build()))
                        .addHttpFilters(
                                filter(
                                                "buffer",
                                                Buffer.newBuilder()
                                                        .setMaxRequestBytes(UInt32Value.of(10000))
                                                        .build())
                                        .toBuilder()
                                        .setDisabled(true))
                        .addHttpFilters(filter("router", Router.getDefaultInstance()));
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < ROWS.size(); i++) {
            FilterRows.Row row = ROWS.get(i);
            routes.add(
                    Route.newBuilder()
                            .setName("row-" + i)
                            .setMatch(RouteMatch.newBuilder().setPrefix(path(i)))
                            .setRoute(
                                    RouteAction.newBuilder()
                                            .setCluster("one")
                                            .setPrefixRewrite("/"))
                            .putTypedPerFilterConfig(row.filter(), row.config())
                            .build());
        }
        routes.add(
                Route.newBuilder()
                        .setName("rest")
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setRoute(RouteAction.newBuilder().setCluster("one"))
                        .build());
        return Peers.snapshot(
                List.of(Peers.listener(port, manager.build())),
                RouteConfiguration.newBuilder()
                        .setName("http.8080")
                        .addVirtualHosts(
                                VirtualHost.newBuilder()
                                        .setName("all")
                                        .addDomains("*")
                                        .addAllRoutes(routes))
                        .build(),
                List.of(
                        Peers.cluster("one", backendPort),
                        Peers.cluster("refused", SideBySide.freePort())));
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName("envoy.filters.http." + name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static String path(int row) {
        return "/row-" + row + "/";
    }

    static Stream<FilterRows.Row> rows() {
        return ROWS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(FilterRows.Row row) {
        SideBySide both = Objects.requireNonNull(peers);
        String path = path(ROWS.indexOf(row));
        for (String request : row.requests()) {
            String bytes = request.replace("PATH", path);
            SideBySide.Outcome envoy = both.envoy(bytes);
            SideBySide.Outcome ours = both.ours(bytes);
            assertThat(ours).describedAs(bytes).hasToString(envoy.toString());
        }
    }
}
