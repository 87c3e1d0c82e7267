package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
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

@DisplayName("An HTTP/2 upstream is spoken to as by the real Envoy")
@SuppressWarnings("StringConcatToTextBlock") // bytes of the wire
class Http2UpstreamComparisonTest {

    private static @Nullable SideBySide peers;
    private static @Nullable Http2Backend backend;

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
        Http2Backend one = new Http2Backend();
        backend = one;
        peers =
                new SideBySide(
                        binary.get(),
                        List.of(),
                        1,
                        (ports, log) -> snapshot(ports[0], log, one.port()),
                        one::take);
    }

    @AfterAll
    static void stop() {
        if (peers != null) {
            peers.close();
        }
        if (backend != null) {
            backend.close();
        }
    }

    private static XdsSnapshot snapshot(int port, String log, int backendPort) {
        RetryPolicy byDefault =
                RetryPolicy.newBuilder()
                        .setRetryOn(
                                "connect-failure,refused-stream,unavailable,cancelled,"
                                        + "retriable-status-codes")
                        .setNumRetries(UInt32Value.of(2))
                        .build();
        List<Route> routes = new ArrayList<>();
        for (String retried :
                List.of("/reset/", "/late-reset/", "/grpc/", "/grpc-only/", "/close")) {
            routes.add(
                    route(
                            "/retried" + retried,
                            to().setPrefixRewrite(retried)
                                    .setRetryPolicy(
                                            byDefault.toBuilder()
                                                    .setRetryOn("reset,unavailable,cancelled"))));
        }
        routes.add(route("/silent", to().setTimeout(Durations.fromMillis(200))));
        routes.add(route("/", to().setRetryPolicy(byDefault)));
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
                List.of(
                        Peers.cluster("h2", backendPort)
                                .putTypedExtensionProtocolOptions(
                                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                                        Any.pack(options()))));
    }

    private static HttpProtocolOptions options() {
        return HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(
                        HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
                .build();
    }

    private static RouteAction.Builder to() {
        return RouteAction.newBuilder().setCluster("h2").setTimeout(Duration.getDefaultInstance());
    }

    private static Route route(String prefix, RouteAction.Builder action) {
        return Route.newBuilder()
                .setName(prefix)
                .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
                .setRoute(action)
                .build();
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (int status : new int[] {200, 201, 204, 304, 400, 404, 500, 503}) {
            paths.add("/status/" + status);
        }
        for (String code :
                List.of(
                        "NO_ERROR",
                        "PROTOCOL_ERROR",
                        "INTERNAL_ERROR",
                        "REFUSED_STREAM",
                        "CANCEL")) {
            paths.add("/reset/" + code);
            paths.add("/late-reset/" + code);
            paths.add("/retried/reset/" + code);
            paths.add("/retried/late-reset/" + code);
        }
        for (int status : new int[] {0, 1, 14, 5}) {
            paths.add("/grpc/" + status);
            paths.add("/grpc-only/" + status);
            paths.add("/retried/grpc/" + status);
            paths.add("/retried/grpc-only/" + status);
        }
        paths.addAll(
                List.of(
                        "/",
                        "/a?b=c",
                        "/trailers",
                        "/close",
                        "/retried/close",
                        "/goaway",
                        "/silent",
                        "/hint",
                        "/refuse-once",
                        "/early"));
        for (String path : paths) {
            rows.add(new Row("GET " + path, request("GET", path, "\r\n")));
            rows.add(new Row("HEAD " + path, request("HEAD", path, "\r\n")));
            rows.add(
                    new Row(
                            "POST " + path,
                            request("POST", path, "content-length: 5\r\n\r\nhello")));
            rows.add(
                    new Row(
                            "chunked " + path,
                            request(
                                    "POST",
                                    path,
                                    "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")));
            rows.add(
                    new Row(
                            "gRPC " + path,
                            request(
                                    "POST",
                                    path,
                                    "content-type: application/grpc\r\nte: trailers\r\n"
                                            + "content-length: 0\r\n\r\n")));
        }
        for (String lines :
                List.of(
                        "connection: keep-alive\r\nkeep-alive: 1\r\n",
                        "te: trailers\r\n",
                        "te: gzip\r\n",
                        "cookie: a=b\r\ncookie: c=d\r\n",
                        "upgrade: websocket\r\nconnection: upgrade\r\n",
                        "expect: 100-continue\r\n",
                        "X-Upper: A\r\nx-empty:\r\n",
                        "x-b: 1\r\nx-b: 2\r\n",
                        "proxy-connection: x\r\n",
                        "x-high: \u00e9\r\n")) {
            rows.add(
                    new Row(
                            "header " + lines.strip().replaceAll("\\p{Cntrl}+", " / "),
                            request("GET", "/headers", lines + "\r\n")));
        }
        rows.add(new Row("OPTIONS *", request("OPTIONS", "*", "\r\n")));
        rows.add(new Row("CONNECT", request("CONNECT", "a.example.com:80", "\r\n")));
        return rows.stream();
    }

    private static String request(String method, String path, String rest) {
        return method + " " + path + " HTTP/1.1\r\nhost: a.example.com\r\n" + rest;
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
