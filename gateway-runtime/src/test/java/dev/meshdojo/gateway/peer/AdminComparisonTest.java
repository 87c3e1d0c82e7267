package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.AdminOptions;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.gateway.loop.EventLoops;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("After the same requests the admin pages tell what the real Envoy's tell")
@SuppressWarnings({"AddressSelection", "NonApiType"}) // a fixed address; sorted for reading
class AdminComparisonTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Levels of this moment, and updates, which a static configuration has none of. */
    private static final Pattern UNLIKE =
            Pattern.compile("server.(memory|uptime)|manager.[cl]ds.update");

    private static final Pattern STAT = Pattern.compile("(.+): (\\d+)");

    private static @Nullable EnvoyPeer envoy;
    private static @Nullable GatewayRuntime runtime;
    private static @Nullable Backend backend;
    private static @Nullable EventLoops loops;

    @BeforeAll
    static void start() {
        Optional<Path> binary = EnvoyPeer.binary();
        assumeTrue(
                binary.isPresent(),
                "no Envoy: put envoy on PATH or name it in MESHDOJO_ENVOY to run this");
        Backend one = new Backend("one");
        backend = one;
        EventLoops single = EventLoops.start(1);
        loops = single;
        int refused = SideBySide.freePort();
        int ourPort = SideBySide.freePort();
        int envoyPort = SideBySide.freePort();
        GatewayRuntime ours =
                GatewayRuntime.start(
                        GatewayOptions.defaults()
                                .withLoops(single)
                                .withAdmin(
                                        new AdminOptions(
                                                new InetSocketAddress("127.0.0.1", 0),
                                                null,
                                                null,
                                                Bootstrap.getDefaultInstance(),
                                                null)));
        runtime = ours;
        assertThat(ours.apply(snapshot(ourPort, one.port(), refused)).rejections()).isEmpty();
        RawClient.send(ourPort, "", new RawClient.Patience(1, 1)); // as the peer is probed
        envoy = EnvoyPeer.start(binary.get(), snapshot(envoyPort, one.port(), refused));
        for (int port : new int[] {ourPort, envoyPort}) {
            one.take();
            for (String path :
                    List.of(
                            "/",
                            "/status/204",
                            "/status/404",
                            "/status/500",
                            "/retry/fail/1",
                            "/retry/status/503",
                            "/refused",
                            "/none",
                            "/missing",
                            "/direct",
                            "/redirect",
                            "/slow",
                            "/try/slow",
                            "/close",
                            "/full",
                            "/empty")) {
                RawClient.send(
                        port,
                        "GET " + path + " HTTP/1.1\r\nhost: a.example.com\r\n\r\n",
                        new RawClient.Patience(3000, 1));
            }
            RawClient.send(port, "GET / HTTP/1.1\r\nhost: b.example.com\r\n\r\n");
            RawClient.send(port, "GET / HTTP/1.0\r\n\r\n");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (envoy != null) {
            envoy.close();
        }
        if (runtime != null) {
            runtime.close();
        }
        if (loops != null) {
            loops.close();
        }
        if (backend != null) {
            backend.close();
        }
    }

    private static XdsSnapshot snapshot(int port, int backendPort, int refused) {
        RetryPolicy retry =
                RetryPolicy.newBuilder().setRetryOn("5xx").setNumRetries(UInt32Value.of(1)).build();
        Cluster.Builder full = Peers.cluster("full", backendPort);
        full.getCircuitBreakersBuilder()
                .addThresholdsBuilder()
                .setMaxPendingRequests(UInt32Value.of(0));
        return Peers.snapshot(
                List.of(Peers.listener(port, Peers.manager("/dev/null").build())),
                RouteConfiguration.newBuilder()
                        .setName("http.8080")
                        .addVirtualHosts(
                                VirtualHost.newBuilder()
                                        .setName("a")
                                        .addDomains("a.example.com")
                                        .addRoutes(
                                                route(
                                                        "/retry/",
                                                        to("outbound|80||one")
                                                                .setPrefixRewrite("/")
                                                                .setRetryPolicy(retry)))
                                        .addRoutes(
                                                route(
                                                        "/try/",
                                                        to("outbound|80||one")
                                                                .setPrefixRewrite("/")
                                                                .setRetryPolicy(
                                                                        retry.toBuilder()
                                                                                .setRetryOn(
                                                                                        "refused-stream")
                                                                                .setPerTryTimeout(
                                                                                        Durations
                                                                                                .fromMillis(
                                                                                                        100)))))
                                        .addRoutes(route("/refused", to("refused")))
                                        .addRoutes(route("/missing", to("missing")))
                                        .addRoutes(route("/full", to("full")))
                                        .addRoutes(route("/empty", to("empty")))
                                        .addRoutes(
                                                Route.newBuilder()
                                                        .setMatch(prefix("/direct"))
                                                        .setDirectResponse(
                                                                DirectResponseAction.newBuilder()
                                                                        .setStatus(200)))
                                        .addRoutes(
                                                Route.newBuilder()
                                                        .setMatch(prefix("/redirect"))
                                                        .setRedirect(
                                                                RedirectAction.newBuilder()
                                                                        .setPathRedirect("/")))
                                        .addRoutes(
                                                route(
                                                        "/slow",
                                                        to("outbound|80||one")
                                                                .setTimeout(
                                                                        Durations.fromMillis(100))))
                                        .addRoutes(route("/", to("outbound|80||one"))))
                        .setValidateClusters(com.google.protobuf.BoolValue.of(false))
                        .build(),
                List.of(
                        Peers.cluster("outbound|80||one", backendPort),
                        Peers.cluster("refused", refused),
                        Peers.cluster("empty"),
                        full));
    }

    private static RouteMatch prefix(String prefix) {
        return RouteMatch.newBuilder().setPrefix(prefix).build();
    }

    private static RouteAction.Builder to(String cluster) {
        return RouteAction.newBuilder().setCluster(cluster).setTimeout(Durations.ZERO);
    }

    private static Route route(String prefix, RouteAction.Builder action) {
        return Route.newBuilder().setMatch(prefix(prefix)).setRoute(action).build();
    }

    @Test
    void countersAndGaugesHaveEnvoysNamesAndValues() {
        Awaitility.await()
                .untilAsserted(
                        () -> {
                            Map<String, Long> theirs = stats(envoyPort());
                            Map<String, Long> mine = stats(ourPort());
                            TreeMap<String, String> differences = new TreeMap<>();
                            mine.forEach(
                                    (name, value) -> {
                                        Long wanted = theirs.get(name);
                                        if (!value.equals(wanted) && !UNLIKE.matcher(name).find()) {
                                            differences.put(name, wanted + " expected: " + value);
                                        }
                                    });
                            assertThat(differences).isEmpty();
                        });
    }

    @Test
    void prometheusFamiliesAndLabelsAreEnvoys() {
        TreeSet<String> theirs = prometheus(envoyPort());
        TreeSet<String> mine = prometheus(ourPort());
        mine.removeIf(sample -> UNLIKE.matcher(sample).find());
        assertThat(theirs).containsAll(mine);
    }

    @Test
    void clustersTellTheSameOfEveryEndpoint() {
        assertThat(clusters(ourPort())).isEqualTo(clusters(envoyPort()));
    }

    private static int envoyPort() {
        return Objects.requireNonNull(envoy).adminPort();
    }

    private static int ourPort() {
        return Objects.requireNonNull(Objects.requireNonNull(runtime).adminAddress()).getPort();
    }

    private static Map<String, Long> stats(int port) {
        Map<String, Long> stats = new TreeMap<>();
        for (String line : get(port, "/stats").split("\n")) {
            Matcher stat = STAT.matcher(line);
            if (stat.matches()) {
                stats.put(stat.group(1), Long.valueOf(stat.group(2)));
            }
        }
        return stats;
    }

    /** Names and labels of all samples, without their values. */
    private static TreeSet<String> prometheus(int port) {
        TreeSet<String> samples = new TreeSet<>();
        for (String line : get(port, "/stats/prometheus").split("\n")) {
            samples.add(line.startsWith("#") ? line : line.replaceFirst(" [^ ]+$", ""));
        }
        return samples;
    }

    private static String clusters(int port) {
        StringBuilder lines = new StringBuilder();
        get(port, "/clusters")
                .lines()
                .sorted()
                .map(line -> line.replaceFirst("added_via_api::.*", "added_via_api"))
                .forEach(line -> lines.append(line).append('\n'));
        return lines.toString();
    }

    private static String get(int port, String path) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
