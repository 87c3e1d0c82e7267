package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
            "%RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER%"
                    + " %UPSTREAM_TRANSPORT_FAILURE_REASON% %CONNECTION_TERMINATION_DETAILS%\n";

    /** A V2 header: PROXY, TCP over IPv4, 10.1.1.1:1000 to 10.2.2.2:2000. */
    private static final String V2 = "\r\n\r\n\0\r\nQUIT\n\41\21\0\14\n\1\1\1\n\2\2\2\3\350\7\320";

    /**
     * A listener and what a client does on it.
     *
     * @param cluster where it leads
     * @param send what the client writes
     * @param end whether the client then ends its side
     */
    record Row(
            String name,
            String cluster,
            TcpProxy.Builder proxy,
            List<Filter> before,
            List<ListenerFilter> filters,
            String send,
            boolean end) {

        static Row of(String name, String cluster, String send, boolean end) {
            return new Row(name, cluster, TcpProxy.newBuilder(), List.of(), List.of(), send, end);
        }

        Row with(ListenerFilter filter) {
            return new Row(name, cluster, proxy, before, List.of(filter), send, end);
        }

        Row with(Filter filter) {
            return new Row(name, cluster, proxy, List.of(filter), filters, send, end);
        }

        Row with(TcpProxy.Builder own) {
            return new Row(name, cluster, own, before, filters, send, end);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Row> ROWS =
            List.of(
                    Row.of("half close", "echo", "hello", true),
                    Row.of("upstream speaks and ends", "greeter", "", false),
                    Row.of("upstream ends at once", "greeter", "unread", false),
                    Row.of("connection refused", "refused", "hello", false),
                    Row.of("connection refused thrice", "refused", "hello", false)
                            .with(
                                    TcpProxy.newBuilder()
                                            .setMaxConnectAttempts(
                                                    com.google.protobuf.UInt32Value.of(3))),
                    Row.of("no endpoints", "empty", "hello", false),
                    Row.of("no such cluster", "absent", "hello", false),
                    Row.of("TLS to plain text", "tls-to-greeter", "hello", false),
                    Row.of("idle", "echo", "hello", false)
                            .with(TcpProxy.newBuilder().setIdleTimeout(millis(200))),
                    Row.of("denied", "echo", "hello", true)
                            .with(
                                    rbac(
                                            "{statPrefix: 'r', rules: {action: 'DENY', policies:"
                                                    + " {p: {permissions: [{any: true}],"
                                                    + " principals: [{any: true}]}}}}")),
                    Row.of("allowed", "echo", "hello", true)
                            .with(
                                    rbac(
                                            "{statPrefix: 'r', rules: {action: 'ALLOW', policies:"
                                                    + " {p: {permissions: [{any: true}],"
                                                    + " principals: [{any: true}]}}}}")),
                    Row.of("PROXY v1", "echo", "PROXY TCP4 10.1.1.1 10.2.2.2 1 2\r\nhello", false)
                            .with(proxyProtocol()),
                    Row.of("PROXY v1 unknown", "echo", "PROXY UNKNOWN\r\nhello", false)
                            .with(proxyProtocol()),
                    Row.of("PROXY v1 broken", "echo", "PROXY TCP4 x y 1 2\r\nhello", false)
                            .with(proxyProtocol()),
                    Row.of(
                                    "PROXY v1 bad port",
                                    "echo",
                                    "PROXY TCP4 1.1.1.1 2.2.2.2 1 99999\r\nx",
                                    false)
                            .with(proxyProtocol()),
                    Row.of("PROXY v2", "echo", V2 + "hello", false).with(proxyProtocol()),
                    Row.of("PROXY header missing", "echo", "hello, no header here", false)
                            .with(proxyProtocol()),
                    Row.of("silent client of an inspector", "echo", "", false).with(inspector()),
                    Row.of("half a ClientHello", "echo", "\26\3\1\2\0\1\0\1\374\3\3", false)
                            .with(inspector()),
                    Row.of("plain text past an inspector", "echo", "hello", false)
                            .with(inspector()));

    @TempDir static Path directory = Path.of("");

    private static final Map<String, String> OUR_LOG = new ConcurrentHashMap<>();
    private static final List<ServerSocket> SERVERS = new ArrayList<>();
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
        ours = ports();
        theirs = ports();
        GatewayRuntime started =
                GatewayRuntime.start(
                        GatewayOptions.defaults()
                                .withLogLines((path, line) -> OUR_LOG.put(path, line.strip())));
        runtime = started;
        var acknowledgement = started.apply(snapshot(ours, "ours-", clusters));
        assertThat(acknowledgement.rejections()).isEmpty();
        envoy =
                EnvoyPeer.start(
                        binary.get(),
                        snapshot(theirs, directory.resolve("log-").toString(), clusters));
    }

    @AfterAll
    static void stop() throws IOException {
        if (runtime != null) {
            runtime.close();
        }
        if (envoy != null) {
            envoy.close();
        }
        for (ServerSocket server : SERVERS) {
            server.close();
        }
    }

    static Stream<Row> rows() {
        return ROWS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(Row row) throws IOException {
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

    private static String exchange(int port, Row row) throws IOException {
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

    private static int[] ports() {
        int[] ports = new int[ROWS.size()];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = SideBySide.freePort();
        }
        return ports;
    }

    private static XdsSnapshot snapshot(int[] ports, String logs, List<Cluster> clusters) {
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < ports.length; i++) {
            Row row = ROWS.get(i);
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

    private static Filter rbac(String json) {
        RBAC.Builder rbac = RBAC.newBuilder();
        try {
            JsonFormat.parser().merge(json, rbac);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(json, e);
        }
        return network("rbac", rbac.build());
    }

    private static ListenerFilter proxyProtocol() {
        return ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.proxy_protocol")
                .setTypedConfig(Any.pack(ProxyProtocol.getDefaultInstance()))
                .build();
    }

    private static ListenerFilter inspector() {
        return ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.tls_inspector")
                .setTypedConfig(Any.pack(TlsInspector.getDefaultInstance()))
                .build();
    }

    private static Duration millis(int millis) {
        return Duration.newBuilder().setNanos(millis * 1_000_000).build();
    }
}
