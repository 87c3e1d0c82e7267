package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.gateway.loop.EventLoops;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Upstream connections begin with the PROXY header that the real Envoy sends")
class ProxyHeaderComparisonTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final int LISTENERS = 3;

    private static @Nullable EventLoops loops;
    private static @Nullable GatewayRuntime runtime;
    private static @Nullable EnvoyPeer envoy;
    private static @Nullable Server server;
    private static int[] ours = {};
    private static int[] theirs = {};

    /** Notes what each connection begins with, and answers each request on it. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket;
        private final List<String> begun = new CopyOnWriteArrayList<>();

        Server() {
            try {
                socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                }
            } catch (IOException e) {
                begun.add("closed");
            }
        }

        private void serve(Socket client) {
            try (client) {
                InputStream in = client.getInputStream();
                StringBuilder head = new StringBuilder();
                boolean first = true;
                for (int read = in.read(); read >= 0; read = in.read()) {
                    head.append((char) read);
                    if (head.toString().endsWith("\r\n\r\n") && head.indexOf(" HTTP/1.1") > 0) {
                        String text = head.toString();
                        if (first) {
                            begun.add(text.substring(0, text.indexOf("GET ")));
                            first = false;
                        }
                        head.setLength(0);
                        client.getOutputStream()
                                .write(ANSWER.getBytes(StandardCharsets.ISO_8859_1));
                        client.getOutputStream().flush();
                    }
                }
            } catch (IOException e) {
                begun.add("broken");
            }
        }

        List<String> take() {
            List<String> taken = List.copyOf(begun);
            begun.clear();
            return taken;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @BeforeAll
    static void start() {
        Optional<Path> binary = EnvoyPeer.binary();
        assumeTrue(
                binary.isPresent(),
                "no Envoy: put envoy on PATH or name it in MESHDOJO_ENVOY to run this");
        server = new Server();
        ours = ports();
        theirs = ports();
        loops = EventLoops.start(1);
        runtime = GatewayRuntime.start(GatewayOptions.defaults().withLoops(loops));
        assertThat(runtime.apply(snapshot(ours)).rejections()).isEmpty();
        envoy = EnvoyPeer.start(binary.get(), snapshot(theirs));
        server.take();
    }

    @AfterAll
    static void stop() throws IOException {
        if (runtime != null) {
            runtime.close();
        }
        if (loops != null) {
            loops.close();
        }
        if (envoy != null) {
            envoy.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private static int[] ports() {
        int[] out = new int[LISTENERS];
        for (int i = 0; i < out.length; i++) {
            out[i] = SideBySide.freePort();
        }
        return out;
    }

    private static Cluster.Builder cluster(ProxyProtocolConfig.Version version) {
        ProxyProtocolUpstreamTransport.Builder transport =
                ProxyProtocolUpstreamTransport.newBuilder();
        transport
                .getTransportSocketBuilder()
                .setName("envoy.transport_sockets.raw_buffer")
                .setTypedConfig(Any.pack(RawBuffer.getDefaultInstance()));
        transport.getConfigBuilder().setVersion(version);
        return Peers.cluster(
                        version.name(),
                        java.util.Objects.requireNonNull(server).socket.getLocalPort())
                .setTransportSocket(
                        TransportSocket.newBuilder()
                                .setName("envoy.transport_sockets.upstream_proxy_protocol")
                                .setTypedConfig(Any.pack(transport.build())));
    }

    /** HTTP by either version on the first port, TCP on the others. */
    private static XdsSnapshot snapshot(int[] ports) {
        RouteConfiguration.Builder routes = RouteConfiguration.newBuilder().setName("http.8080");
        VirtualHost.Builder host = routes.addVirtualHostsBuilder().setName("a").addDomains("*");
        for (String version : List.of("V1", "V2")) {
            host.addRoutes(
                    Route.newBuilder()
                            .setMatch(RouteMatch.newBuilder().setPrefix("/" + version))
                            .setRoute(RouteAction.newBuilder().setCluster(version)));
        }
        return Peers.snapshot(
                List.of(
                        Peers.listener(ports[0], Peers.manager("/dev/null").build()),
                        tcp(ports[1], "V1"),
                        tcp(ports[2], "V2")),
                routes.build(),
                List.of(
                        cluster(ProxyProtocolConfig.Version.V1),
                        cluster(ProxyProtocolConfig.Version.V2)));
    }

    private static Listener tcp(int port, String cluster) {
        return Listener.newBuilder()
                .setName("tcp-" + cluster)
                .setAddress(Peers.address(port))
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(
                                        Filter.newBuilder()
                                                .setName("envoy.filters.network.tcp_proxy")
                                                .setTypedConfig(
                                                        Any.pack(
                                                                TcpProxy.newBuilder()
                                                                        .setStatPrefix("tcp")
                                                                        .setCluster(cluster)
                                                                        .build()))))
                .build();
    }

    /** What the server's connections begin with when clients send these, each on a connection. */
    private static List<String> begun(int port, List<List<String>> clients) {
        Server known = java.util.Objects.requireNonNull(server);
        List<String> out = new ArrayList<>();
        try {
            for (List<String> requests : clients) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    int own = socket.getLocalPort();
                    for (String request : requests) {
                        socket.getOutputStream()
                                .write(request.getBytes(StandardCharsets.ISO_8859_1));
                        socket.getOutputStream().flush();
                        StringBuilder answer = new StringBuilder();
                        while (!answer.toString().endsWith("\r\n\r\nok")) {
                            int read = socket.getInputStream().read();
                            assertThat(read).as("an answer after %s", answer).isNotNegative();
                            answer.append((char) read);
                        }
                    }
                    for (String header : known.take()) {
                        out.add(named(header, own, port));
                    }
                    out.add("--");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out;
    }

    /** The header with ports by name, binary bytes in hex. */
    private static String named(String header, int client, int listener) {
        if (header.startsWith("PROXY")) {
            return header.replace(" " + client + " ", " client ")
                    .replace(" " + listener + "\r", " listener\r");
        }
        StringBuilder hex = new StringBuilder();
        header.chars().forEach(c -> hex.append(String.format(java.util.Locale.ROOT, "%02x", c)));
        return hex.toString()
                .replace(String.format(java.util.Locale.ROOT, "%04x", client), "[client]")
                .replace(String.format(java.util.Locale.ROOT, "%04x", listener), "[listener]");
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nhost: a.example.com\r\n" + headers + "\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"V1", "V2"})
    @DisplayName("HTTP: one connection a client, whatever x-forwarded-for says")
    void http(String version) {
        String path = "/" + version;
        List<List<String>> clients =
                List.of(
                        List.of(get(path, ""), get(path, "")),
                        List.of(
                                get(path, "x-forwarded-for: 1.2.3.4\r\n"),
                                get(path, "x-forwarded-for: 5.6.7.8\r\n")),
                        List.of(get(path, "")));
        List<String> expected = begun(theirs[0], clients);
        assertThat(begun(ours[0], clients)).isEqualTo(expected).hasSizeGreaterThan(clients.size());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"V1", "V2"})
    @DisplayName("TCP: before the client's first bytes")
    void tcp(String version) {
        int index = version.equals("V1") ? 1 : 2;
        List<List<String>> clients = List.of(List.of(get("/", "")), List.of(get("/", "")));
        assertThat(begun(ours[index], clients))
                .isEqualTo(begun(theirs[index], clients))
                .hasSize(2 * clients.size());
    }
}
