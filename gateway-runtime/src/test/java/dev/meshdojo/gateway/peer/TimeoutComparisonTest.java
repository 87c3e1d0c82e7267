package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Whatever takes too long ends as with the real Envoy")
@SuppressWarnings("EnumOrdinal") // one port for each manager
class TimeoutComparisonTest {

    private static final String HOST = "host: a.example.com\r\n";
    private static final Duration SHORT = Durations.fromMillis(150);
    private static final RawClient.Patience FOR_ANSWER = new RawClient.Patience(1000, 30);
    private static final RawClient.Patience FOR_CLOSE = new RawClient.Patience(1000, 700);

    private static @Nullable SideBySide peers;
    private static @Nullable Backend backend;

    /** Connection managers that differ in one timeout each; one listener for each. */
    private enum Manager {
        PLAIN(manager -> manager),
        STREAM_IDLE(manager -> manager.setStreamIdleTimeout(SHORT)),
        REQUEST(manager -> manager.setRequestTimeout(SHORT)),
        REQUEST_HEADERS(manager -> manager.setRequestHeadersTimeout(SHORT)),
        MAX_STREAM(
                manager ->
                        manager.setCommonHttpProtocolOptions(
                                options().setMaxStreamDuration(SHORT))),
        CONNECTION_IDLE(
                manager ->
                        manager.setDrainTimeout(Durations.fromMillis(100))
                                .setCommonHttpProtocolOptions(options().setIdleTimeout(SHORT))),
        MAX_CONNECTION(
                manager ->
                        manager.setDrainTimeout(Durations.fromMillis(100))
                                .setCommonHttpProtocolOptions(
                                        options().setMaxConnectionDuration(SHORT))),
        MAX_REQUESTS(
                manager ->
                        manager.setCommonHttpProtocolOptions(
                                options().setMaxRequestsPerConnection(UInt32Value.of(1)))),
        TWO_REQUESTS(
                manager ->
                        manager.setCommonHttpProtocolOptions(
                                options().setMaxRequestsPerConnection(UInt32Value.of(2))));

        private final UnaryOperator<HttpConnectionManager.Builder> change;

        Manager(UnaryOperator<HttpConnectionManager.Builder> change) {
            this.change = change;
        }

        private static HttpProtocolOptions.Builder options() {
            return HttpProtocolOptions.newBuilder();
        }
    }

    /** One request, byte for byte. */
    record Row(Manager manager, String name, String bytes) {
        @Override
        public String toString() {
            return manager + " " + name;
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
                        binary.get(),
                        List.of(one),
                        Manager.values().length,
                        (ports, log) -> snapshot(ports, log, one.port()));
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

    private static XdsSnapshot snapshot(int[] ports, String log, int backendPort) {
        List<Listener> listeners = new ArrayList<>();
        for (Manager manager : Manager.values()) {
            listeners.add(
                    Peers.listener(
                                    ports[manager.ordinal()],
                                    manager.change.apply(Peers.manager(log)).build())
                            .toBuilder()
                            .setName(manager.name())
                            .build());
        }
        Cluster.Builder limited =
                Peers.cluster("limited", backendPort)
                        .putTypedExtensionProtocolOptions(
                                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                                Any.pack(
                                        Peers.http1Options()
                                                .setCommonHttpProtocolOptions(
                                                        HttpProtocolOptions.newBuilder()
                                                                .setMaxStreamDuration(SHORT))
                                                .build()));
        return Peers.snapshot(
                listeners,
                RouteConfiguration.newBuilder()
                        .setName("http.8080")
                        .addVirtualHosts(
                                VirtualHost.newBuilder()
                                        .setName("a")
                                        .addDomains("*")
                                        .addAllRoutes(routes()))
                        .build(),
                List.of(Peers.cluster("one", backendPort), limited));
    }

    private static List<Route> routes() {
        RetryPolicy perTryIdle =
                RetryPolicy.newBuilder()
                        .setRetryOn("connect-failure")
                        .setPerTryIdleTimeout(SHORT)
                        .build();
        List<Route> routes = new ArrayList<>();
        for (String to : List.of("slow", "stall", "body")) {
            routes.add(route("/idle-" + to, "/" + to, to("one").setIdleTimeout(SHORT)));
            routes.add(
                    route(
                            "/never-idle-" + to,
                            "/" + to,
                            to("one")
                                    .setIdleTimeout(Durations.ZERO)
                                    .setTimeout(Durations.fromMillis(500))));
            routes.add(route("/max-" + to, "/" + to, to("one").setMaxStreamDuration(max(SHORT))));
            routes.add(
                    route(
                            "/no-max-" + to,
                            "/" + to,
                            to("one")
                                    .setTimeout(Durations.fromMillis(500))
                                    .setMaxStreamDuration(max(Durations.ZERO))));
            routes.add(route("/try-idle-" + to, "/" + to, to("one").setRetryPolicy(perTryIdle)));
            routes.add(
                    route(
                            "/try-idle-again-" + to,
                            "/" + to,
                            to("one")
                                    .setRetryPolicy(
                                            perTryIdle.toBuilder()
                                                    .setRetryOn("5xx")
                                                    .setPerTryIdleTimeout(
                                                            Durations.fromMillis(100)))));
            routes.add(route("/limited-" + to, "/" + to, to("limited")));
            routes.add(
                    route(
                            "/limited-again-" + to,
                            "/" + to,
                            to("limited")
                                    .setRetryPolicy(RetryPolicy.newBuilder().setRetryOn("reset"))));
            routes.add(
                    route(
                            "/timeout-" + to,
                            "/" + to,
                            to("one").setTimeout(SHORT).setMaxStreamDuration(max(Durations.ZERO))));
            routes.add(
                    route(
                            "/grpc-max-" + to,
                            "/" + to,
                            to("one")
                                    .setMaxStreamDuration(
                                            RouteAction.MaxStreamDuration.newBuilder()
                                                    .setGrpcTimeoutHeaderMax(SHORT))));
        }
        routes.add(route("/", "/", to("one")));
        return routes;
    }

    private static RouteAction.MaxStreamDuration max(Duration duration) {
        return RouteAction.MaxStreamDuration.newBuilder().setMaxStreamDuration(duration).build();
    }

    private static RouteAction.Builder to(String cluster) {
        return RouteAction.newBuilder()
                .setCluster(cluster)
                .setTimeout(Duration.getDefaultInstance());
    }

    private static Route route(String prefix, String rewrite, RouteAction.Builder action) {
        return Route.newBuilder()
                .setName(prefix.substring(1).isEmpty() ? "rest" : prefix.substring(1))
                .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
                .setRoute(action.setPrefixRewrite(rewrite))
                .build();
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String partial = "content-length: 5\r\n\r\nhe";
        for (Manager manager : Manager.values()) {
            rows.add(new Row(manager, "quick", get("/")));
            if (manager == Manager.STREAM_IDLE
                    || manager == Manager.MAX_STREAM
                    || manager == Manager.REQUEST) {
                rows.add(new Row(manager, "never-idle", get("/never-idle-slow")));
                rows.add(new Row(manager, "never-idle body", post("/never-idle-body", partial)));
                rows.add(new Row(manager, "no-max", get("/no-max-slow")));
                rows.add(new Row(manager, "slow head", "GET / HTTP/1.1\r\nho"));
                rows.add(new Row(manager, "unmatched", get("/").replace("/", "/x")));
                rows.add(new Row(manager, "slow", get("/slow")));
                rows.add(new Row(manager, "stall", get("/stall")));
                rows.add(new Row(manager, "half a body", post("/body", partial)));
                rows.add(
                        new Row(
                                manager,
                                "websocket",
                                get("/slow")
                                        .replace(
                                                "\r\n\r\n",
                                                "\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n")));
            }
        }
        rows.add(new Row(Manager.REQUEST_HEADERS, "slow head", "GET / HTTP/1.1\r\nho"));
        rows.add(new Row(Manager.REQUEST_HEADERS, "slow line", "GE"));
        rows.add(new Row(Manager.MAX_REQUESTS, "two", get("/") + get("/x")));
        rows.add(new Row(Manager.TWO_REQUESTS, "one", get("/")));
        rows.add(new Row(Manager.MAX_CONNECTION, "direct", get("/timeout-slow")));
        for (String prefix :
                List.of(
                        "idle-",
                        "max-",
                        "try-idle-",
                        "try-idle-again-",
                        "limited-",
                        "limited-again-",
                        "timeout-")) {
            rows.add(new Row(Manager.PLAIN, prefix + "slow", get("/" + prefix + "slow")));
            rows.add(new Row(Manager.PLAIN, prefix + "stall", get("/" + prefix + "stall")));
            if (!prefix.equals("timeout-")) {
                rows.add(
                        new Row(
                                Manager.PLAIN,
                                prefix + "body",
                                post("/" + prefix + "body", partial)));
            }
        }
        for (String timeout : List.of("100m", "5S", "abc")) {
            rows.add(
                    new Row(
                            Manager.PLAIN,
                            "grpc-timeout " + timeout,
                            post(
                                    "/grpc-max-slow",
                                    "content-type: application/grpc\r\ngrpc-timeout: "
                                            + timeout
                                            + "\r\ncontent-length: 0\r\n\r\n")));
        }
        return rows.stream();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    private static String post(String path, String rest) {
        return "POST " + path + " HTTP/1.1\r\n" + HOST + rest;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(Row row) {
        SideBySide both = java.util.Objects.requireNonNull(peers);
        int listener = row.manager().ordinal();
        RawClient.Patience patience =
                switch (row.manager()) {
                    case CONNECTION_IDLE, MAX_CONNECTION -> FOR_CLOSE;
                    default -> FOR_ANSWER;
                };
        SideBySide.Outcome envoy = both.envoy(listener, row.bytes(), patience);
        SideBySide.Outcome ours = both.ours(listener, row.bytes(), patience);
        assertThat(ours).describedAs(row.bytes()).hasToString(envoy.toString());
    }
}
