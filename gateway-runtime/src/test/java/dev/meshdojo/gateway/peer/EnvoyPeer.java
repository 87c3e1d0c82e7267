package dev.meshdojo.gateway.peer;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The real Envoy, running a snapshot as its bootstrap. */
final class EnvoyPeer implements AutoCloseable {

    private final Process process;
    private final Path directory;
    private final int adminPort;
    private final Map<String, Integer> listening;

    private EnvoyPeer(
            Process process, Path directory, int adminPort, Map<String, Integer> listening) {
        this.listening = listening;
        this.adminPort = adminPort;
        this.process = process;
        this.directory = directory;
    }

    /** The binary: {@code MESHDOJO_ENVOY}, else {@code envoy} on PATH, else nothing. */
    static Optional<Path> binary() {
        String given = System.getenv("MESHDOJO_ENVOY");
        if (given != null && Files.isExecutable(Path.of(given))) {
            return Optional.of(Path.of(given));
        }
        for (String entry : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path candidate = Path.of(entry, "envoy");
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Starts Envoy and waits until its listeners accept. */
    static EnvoyPeer start(Path binary, XdsSnapshot snapshot) {
        try {
            Path directory = Files.createTempDirectory("envoy-peer");
            Path bootstrap = directory.resolve("bootstrap.pb");
            Path adminAddress = directory.resolve("admin");
            Files.write(bootstrap, bootstrap(snapshot).toByteArray());
            Process process =
                    new ProcessBuilder(
                                    binary.toString(),
                                    "-c",
                                    bootstrap.toString(),
                                    "--concurrency",
                                    "1",
                                    "--use-dynamic-base-id",
                                    "--admin-address-path",
                                    adminAddress.toString(),
                                    "--log-level",
                                    "warn",
                                    "--file-flush-interval-msec",
                                    "10",
                                    "--drain-time-s",
                                    "1")
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("envoy.out").toFile())
                            .start();
            int adminPort =
                    waiting(process, directory)
                            .until(
                                    () ->
                                            Files.exists(adminAddress)
                                                    ? portOf(Files.readString(adminAddress))
                                                    : 0,
                                    port -> port > 0);
            Map<String, Integer> listening =
                    waiting(process, directory)
                            .until(
                                    () -> listeners(adminPort),
                                    ports -> ports.size() == snapshot.listeners().size());
            EnvoyPeer peer = new EnvoyPeer(process, directory, adminPort, listening);
            for (int port : listening.values()) {
                waiting(process, directory).until(() -> accepts(port));
            }
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port of the admin pages. */
    int adminPort() {
        return adminPort;
    }

    /** The port of a listener, also of one that was given none. */
    int port(String listener) {
        return Objects.requireNonNull(listening.get(listener), listener);
    }

    private static ConditionFactory waiting(Process process, Path directory) {
        return Awaitility.await("Envoy listens")
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .failFast(
                        "Envoy ended, see " + directory.resolve("envoy.out"),
                        () -> !process.isAlive());
    }

    private static int portOf(String address) {
        String number = address.strip().substring(address.lastIndexOf(':') + 1);
        return number.isEmpty() ? 0 : Integer.parseInt(number);
    }

    private static Map<String, Integer> listeners(int adminPort) {
        Map<String, Integer> ports = new HashMap<>();
        for (String line : adminPage(adminPort, "/listeners").lines().toList()) {
            int end = line.lastIndexOf("::", line.lastIndexOf(':'));
            if (end > 0) {
                ports.put(line.substring(0, end), portOf(line));
            }
        }
        return ports;
    }

    private static String adminPage(int adminPort, String path) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), adminPort)) {
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Everything static: routes into listeners, endpoints into clusters. */
    static Bootstrap bootstrap(XdsSnapshot snapshot) {
        Bootstrap.Builder bootstrap =
                Bootstrap.newBuilder()
                        .setNode(Node.newBuilder().setId("peer").setCluster("peer"))
                        .setAdmin(
                                Admin.newBuilder()
                                        .setAddress(
                                                Address.newBuilder()
                                                        .setSocketAddress(
                                                                SocketAddress.newBuilder()
                                                                        .setAddress("127.0.0.1")
                                                                        .setPortValue(0))));
        // As Istio's bootstrap sets it.
        bootstrap
                .getLayeredRuntimeBuilder()
                .addLayersBuilder()
                .setName("istio")
                .getStaticLayerBuilder()
                .putFields(
                        "envoy.reloadable_features.http_reject_path_with_fragment",
                        com.google.protobuf.Value.newBuilder().setBoolValue(false).build());
        var resources = bootstrap.getStaticResourcesBuilder();
        for (Listener listener : snapshot.listeners()) {
            Listener.Builder inlined = listener.toBuilder();
            for (FilterChain.Builder chain : inlined.getFilterChainsBuilderList()) {
                for (Filter.Builder filter : chain.getFiltersBuilderList()) {
                    if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
                        filter.setTypedConfig(inline(filter.getTypedConfig(), snapshot));
                    }
                }
            }
            resources.addListeners(inlined);
        }
        for (Cluster cluster : snapshot.clusters()) {
            Cluster.Builder inlined = cluster.toBuilder();
            if (cluster.getType() == Cluster.DiscoveryType.EDS) {
                inlined.setType(Cluster.DiscoveryType.STATIC).clearEdsClusterConfig();
                snapshot.endpoints().stream()
                        .filter(each -> each.getClusterName().equals(cluster.getName()))
                        .forEach(inlined::setLoadAssignment);
            }
            resources.addClusters(inlined);
        }
        resources.addAllSecrets(snapshot.secrets());
        return bootstrap.build();
    }

    private static Any inline(Any any, XdsSnapshot snapshot) {
        try {
            HttpConnectionManager manager = any.unpack(HttpConnectionManager.class);
            if (!manager.hasRds()) {
                return any;
            }
            String name = manager.getRds().getRouteConfigName();
            HttpConnectionManager.Builder inlined = manager.toBuilder().clearRds();
            snapshot.routes().stream()
                    .filter(routes -> routes.getName().equals(name))
                    .forEach(inlined::setRouteConfig);
            return Any.pack(inlined.build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(directory.resolve("bootstrap.pb"));
            Files.deleteIfExists(directory.resolve("envoy.out"));
            Files.deleteIfExists(directory.resolve("admin"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
