package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.gateway.loop.EventLoops;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("TCP connections fare as through the real Envoy")
class TcpComparisonTest {

    private static final String FORMAT =
            "%RESPONSE_FLAGS% %DYNAMIC_METADATA(envoy.filters.listener.proxy_protocol)%"
                    + " %DYNAMIC_METADATA(own)% %BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER%"
                    + " %UPSTREAM_TRANSPORT_FAILURE_REASON% %CONNECTION_TERMINATION_DETAILS%\n";

    private static final List<TcpRows.Row> ROWS = TcpRows.all();

    @TempDir static Path directory = Path.of("");

    private static final Map<String, String> OUR_LOG = new ConcurrentHashMap<>();
    private static final List<ServerSocket> SERVERS = new ArrayList<>();
    private static final EventLoops LOOPS = EventLoops.start(1); // Envoy runs one worker, too.
    private static @Nullable GatewayRuntime runtime;
    private static @Nullable EnvoyPeer envoy;
    private static int[] ours = {};
    private static int[] theirs = {};

    @BeforeAll
    static void start() throws IOException {
        Optional<Path> binary = EnvoyPeer.binary();
        assumeTrue(
                binary.isPresent(),
                "no Envoy: put envoy on PATH or name it in MESHDOJO_ENVOY to run this");
        int echo = serve(TcpComparisonTest::echo);
        int greeter =
                serve(
                        socket ->
                                socket.getOutputStream()
                                        .write(
                                                "220 hello\r\n"
                                                        .getBytes(StandardCharsets.US_ASCII)));
        List<Cluster> clusters =
                List.of(
                        Peers.cluster("echo", echo).build(),
                        Peers.cluster("greeter", greeter).build(),
                        Peers.cluster("empty").build(),
                        Peers.cluster("refused", SideBySide.freePort()).build(),
                        Peers.cluster("tls-to-greeter", greeter)
                                .setTransportSocket(
                                        TransportSocket.newBuilder()
                                                .setName("envoy.transport_sockets.tls")
                                                .setTypedConfig(
                                                        Any.pack(
                                                                UpstreamTlsContext
                                                                        .getDefaultInstance())))
                                .build());
        int[] any = new int[ROWS.size()];
        GatewayRuntime started =
                GatewayRuntime.start(
                        GatewayOptions.defaults()
                                .withLoops(LOOPS)
                                .withLogLines((path, line) -> OUR_LOG.put(path, line.strip())));
        runtime = started;
        var acknowledgement = started.apply(snapshot(any, "ours-", clusters));
        assertThat(acknowledgement.rejections()).isEmpty();
        EnvoyPeer peer =
                EnvoyPeer.start(
                        binary.get(),
                        snapshot(any, directory.resolve("log-").toString(), clusters));
        envoy = peer;
        ours =
                rowNames()
                        .mapToInt(
                                name ->
                                        Objects.requireNonNull(started.listening().get(name), name)
                                                .getFirst()
                                                .getPort())
                        .toArray();
        theirs = rowNames().mapToInt(peer::port).toArray();
        for (int port : ours) { // As the fixture probes Envoy's.
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        }
    }

    private static Stream<String> rowNames() {
        return IntStream.range(0, ROWS.size()).mapToObj(i -> "row-" + i);
    }

    @AfterAll
    static void stop() throws IOException {
        if (runtime != null) {
            runtime.close();
        }
        LOOPS.close();
        if (envoy != null) {
            envoy.close();
        }
        for (ServerSocket server : SERVERS) {
            server.close();
        }
    }

    static Stream<TcpRows.Row> rows() {
        return ROWS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(TcpRows.Row row) throws IOException {
        int index = ROWS.indexOf(row);
        Path log = directory.resolve("log-" + index);
        // The fixture's own probe of the port has left a line where connections are logged.
        int before = Files.exists(log) ? Files.readAllLines(log).size() : 0;
        String expected = exchange(theirs[index], row);
        OUR_LOG.remove("ours-" + index);
        String seen = exchange(ours[index], row);
        assertThat(seen).isEqualTo(expected);
        String line = lastLine(log, before);
        if (line != null) {
            String own =
                    Awaitility.await("our log of " + row)
                            .atMost(5, TimeUnit.SECONDS)
                            .until(
                                    () -> OUR_LOG.getOrDefault("ours-" + index, ""),
                                    text -> !text.isEmpty());
            assertThat(own).isEqualTo(line);
        }
    }

    private static @Nullable String lastLine(Path log, int before) {
        try {
            return Awaitility.await("Envoy's log")
                    .atMost(1500, TimeUnit.MILLISECONDS)
                    .until(() -> Files.readAllLines(log), lines -> lines.size() > before)
                    .getLast()
                    .strip();
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return null;
        }
    }

    private static String exchange(int port, TcpRows.Row row) throws IOException {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < row.held(); i++) {
            held.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1200);
            if (!row.send().isEmpty()) {
                socket.getOutputStream().write(row.send().getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            }
            if (row.end()) {
                socket.shutdownOutput();
            }
            return read(socket.getInputStream());
        } finally {
            for (Socket each : held) {
                each.close();
            }
        }
    }

    private static String read(InputStream in) {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                got.write(next);
            }
            return got.toString(StandardCharsets.ISO_8859_1) + " | end";
        } catch (SocketTimeoutException e) {
            return got.toString(StandardCharsets.ISO_8859_1) + " | open";
        } catch (IOException e) {
            return got.toString(StandardCharsets.ISO_8859_1) + " | end";
        }
    }

    /** What a server does with a connection. */
    @FunctionalInterface
    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    private static int serve(Service service) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SERVERS.add(server);
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!server.isClosed()) {
                                try {
                                    Socket socket = server.accept();
                                    Thread.ofVirtual().start(() -> serve(service, socket));
                                } catch (IOException closed) {
                                    return;
                                }
                            }
                        });
        return server.getLocalPort();
    }

    private static void serve(Service service, Socket socket) {
        try (socket) {
            service.serve(socket);
        } catch (IOException gone) {
            assertThat(gone).isNotNull();
        }
    }

    private static XdsSnapshot snapshot(int[] ports, String logs, List<Cluster> clusters) {
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < ports.length; i++) {
            TcpRows.Row row = ROWS.get(i);
            FileAccessLog.Builder file = FileAccessLog.newBuilder().setPath(logs + i);
            file.getLogFormatBuilder().getTextFormatSourceBuilder().setInlineString(FORMAT);
            TcpProxy proxy =
                    row.proxy()
                            .clone()
                            .setStatPrefix("tcp")
                            .setCluster(row.cluster())
                            .addAccessLog(
                                    AccessLog.newBuilder()
                                            .setName("envoy.access_loggers.file")
                                            .setTypedConfig(Any.pack(file.build())))
                            .build();
            listeners.add(
                    Listener.newBuilder()
                            .setName("row-" + i)
                            .setAddress(Peers.address(ports[i]))
                            .setListenerFiltersTimeout(millis(300))
                            .addAllListenerFilters(row.filters())
                            .addFilterChains(
                                    FilterChain.newBuilder()
                                            .addAllFilters(row.before())
                                            .addFilters(network("tcp_proxy", proxy)))
                            .build());
        }
        return new XdsSnapshot("1", listeners, List.of(), clusters, List.of(), List.of());
    }

    private static Filter network(String name, Message config) {
        return Filter.newBuilder()
                .setName("envoy.filters.network." + name)
                .setTypedConfig(Any.pack(config))
                .build();
    }

    private static Duration millis(int millis) {
        return Duration.newBuilder().setNanos(millis * 1_000_000).build();
    }
}
