package dev.meshdojo.gateway.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The proxies of a benchmark and their backend, as processes of their own. The proxies that are not
 * measured stand still, so that none takes time from another.
 */
final class BenchmarkProxies implements AutoCloseable {

    /** A proxy and where it listens. */
    record Proxy(String name, BenchmarkTopology topology, Process process) {}

    private final Path directory;
    private final int backendPort = SideBySide.freePort();
    private final List<Process> processes = new ArrayList<>();
    private final List<Proxy> proxies = new ArrayList<>();

    private BenchmarkProxies(Path directory) {
        this.directory = directory;
    }

    static BenchmarkProxies start() throws IOException, InterruptedException {
        BenchmarkProxies started =
                new BenchmarkProxies(Files.createTempDirectory("meshdojo-benchmark-"));
        try {
            started.certificate();
            started.backend();
            started.proxies();
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void certificate() throws IOException, InterruptedException {
        Process openssl =
                new ProcessBuilder(
                                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                                                + " -nodes -keyout tls.key -out tls.crt -subj"
                                                + " /CN=localhost -days 30")
                                        .split(" "))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("openssl.out").toFile())
                        .start();
        if (openssl.waitFor() != 0) {
            throw new IOException(Files.readString(directory.resolve("openssl.out")));
        }
        Files.writeString(
                directory.resolve("tls.pem"),
                Files.readString(directory.resolve("tls.crt"))
                        + Files.readString(directory.resolve("tls.key")));
    }

    private void backend() throws IOException {
        Path file = directory.resolve("backend.conf");
        Files.writeString(file, BenchmarkTopology.backend(backendPort, directory));
        Files.writeString(directory.resolve("big"), "y".repeat(100 * 1024));
        Process process = launch(1, "backend", nginx(file));
        awaitListening(backendPort, process, "backend");
    }

    private void proxies() throws IOException {
        BenchmarkTopology ours = topology();
        add(
                "meshdojo",
                ours,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-Xmn256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ThroughputBenchmark.class.getName(),
                        "serve",
                        String.valueOf(ours.httpPort()),
                        String.valueOf(ours.tlsPort()),
                        String.valueOf(backendPort),
                        directory.toString()));
        BenchmarkTopology envoy = topology();
        Path bootstrap = directory.resolve("envoy.pb");
        Files.write(bootstrap, EnvoyPeer.bootstrap(envoy.snapshot()).toByteArray());
        add(
                "envoy",
                envoy,
                List.of(
                        EnvoyPeer.binary()
                                .orElseThrow(
                                        () ->
                                                new IOException(
                                                        "no envoy on PATH; set MESHDOJO_ENVOY"))
                                .toString(),
                        "-c",
                        bootstrap.toString(),
                        "--concurrency",
                        "1",
                        "--use-dynamic-base-id",
                        "--log-level",
                        "warn"));
        BenchmarkTopology nginx = topology();
        Path nginxFile = directory.resolve("nginx.conf");
        Files.writeString(nginxFile, nginx.nginx());
        add("nginx", nginx, nginx(nginxFile));
        BenchmarkTopology haproxy = topology();
        Path haproxyFile = directory.resolve("haproxy.cfg");
        Files.writeString(haproxyFile, haproxy.haproxy());
        add("haproxy", haproxy, List.of("haproxy", "-db", "-f", haproxyFile.toString()));
    }

    private List<String> nginx(Path file) {
        return List.of("nginx", "-p", directory.toString(), "-c", file.toString());
    }

    private BenchmarkTopology topology() {
        return new BenchmarkTopology(
                SideBySide.freePort(), SideBySide.freePort(), backendPort, directory);
    }

    private void add(String name, BenchmarkTopology topology, List<String> command)
            throws IOException {
        Process process = launch(0, name, command);
        awaitListening(topology.httpPort(), process, name);
        awaitListening(topology.tlsPort(), process, name);
        proxies.add(new Proxy(name, topology, process));
        signal(process, "STOP");
    }

    private Process launch(int core, String name, List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(pinned(core, command))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(name + ".out").toFile())
                        .start();
        processes.add(process);
        return process;
    }

    /**
     * A command bound to a core. With {@code -Dbench.realtime=true} it also goes before everything
     * else on that core, for a machine that others use as well (needs root).
     */
    static List<String> pinned(int core, List<String> command) {
        List<String> line = new ArrayList<>(List.of("taskset", "-c", String.valueOf(core)));
        if (Boolean.getBoolean("bench.realtime")) {
            line.addAll(List.of("chrt", "-r", "10"));
        }
        line.addAll(command);
        return line;
    }

    private void awaitListening(int port, Process process, String name) {
        Awaitility.await(name + " listens on " + port)
                .atMost(Duration.ofSeconds(30))
                .until(() -> accepts(port) || ended(process, name));
    }

    private boolean ended(Process process, String name) {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " ended: " + output(name));
        }
        return false;
    }

    private String output(String name) {
        try {
            return Files.readString(directory.resolve(name + ".out"));
        } catch (IOException e) {
            return "(no output)";
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    List<Proxy> all() {
        return List.copyOf(proxies);
    }

    /** Runs something while only this proxy may run. */
    <T> T alone(Proxy proxy, Callable<T> action) throws IOException, InterruptedException {
        signal(proxy.process(), "CONT");
        try {
            return action.call();
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(proxy.name(), e);
        } finally {
            signal(proxy.process(), "STOP");
        }
    }

    private static void signal(Process process, String name) throws IOException {
        List<ProcessHandle> handles =
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        for (ProcessHandle handle : handles) {
            try {
                new ProcessBuilder("kill", "-" + name, String.valueOf(handle.pid()))
                        .start()
                        .waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            signal(process, "CONT");
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        for (Process process : processes) {
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
