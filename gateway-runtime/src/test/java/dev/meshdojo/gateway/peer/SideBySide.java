package dev.meshdojo.gateway.peer;

import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.gateway.loop.EventLoops;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Both data planes on ports of their own, in front of the same backends. */
final class SideBySide implements AutoCloseable {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /**
     * What one exchange came to.
     *
     * @param received what the backends got, sorted
     * @param log access-log lines
     */
    record Outcome(RawClient.Answer answer, List<String> received, List<String> log) {
        Outcome {
            received = List.copyOf(received);
            log = List.copyOf(log);
        }

        @Override
        public String toString() {
            return String.join("\n  ", answer.headers())
                    + "\n"
                    + answer.status()
                    + " | "
                    + answer.body()
                    + " | closed="
                    + answer.closed()
                    + "\nreceived "
                    + String.join("\n", received)
                    + "\nlog "
                    + log;
        }
    }

    private final List<Backend> backends;
    private final EventLoops loops = EventLoops.start(1); // Envoy runs one worker, too.
    private final GatewayRuntime runtime;
    private final EnvoyPeer envoy;
    private final Supplier<List<String>> others;
    private final int[] ourPorts;
    private final int[] envoyPorts;
    private final LinkedBlockingQueue<String> ourLog = new LinkedBlockingQueue<>();
    private final Path envoyLog;
    private int envoyLines;

    /**
     * Starts both.
     *
     * @param snapshot makes the configuration for a listener port and a log path
     */
    SideBySide(
            Path binary,
            List<Backend> backends,
            BiFunction<Integer, String, XdsSnapshot> snapshot) {
        this(binary, backends, 1, (ports, log) -> snapshot.apply(ports[0], log));
    }

    /**
     * Starts both with several listeners.
     *
     * @param snapshot makes the configuration for as many listener ports and a log path
     */
    SideBySide(
            Path binary,
            List<Backend> backends,
            int listeners,
            BiFunction<int[], String, XdsSnapshot> snapshot) {
        this(binary, backends, listeners, snapshot, List::of);
    }

    /**
     * Starts both with several listeners and backends of another kind.
     *
     * @param others takes what those backends got since the last call
     */
    SideBySide(
            Path binary,
            List<Backend> backends,
            int listeners,
            BiFunction<int[], String, XdsSnapshot> snapshot,
            Supplier<List<String>> others) {
        this.backends = List.copyOf(backends);
        this.others = others;
        try {
            this.envoyLog = Files.createTempFile("envoy-access", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        runtime =
                GatewayRuntime.start(
                        GatewayOptions.defaults()
                                .withLoops(loops)
                                .withLogLines((path, line) -> ourLog.add(line.stripTrailing())));
        // Nobody else can take a port that a listener chooses itself.
        int[] any = new int[listeners];
        XdsSnapshot own = snapshot.apply(any, "ours");
        Acknowledgement acknowledgement = runtime.apply(own);
        if (!acknowledgement.accepted()) {
            throw new IllegalStateException("refused: " + acknowledgement.rejections());
        }
        envoy = EnvoyPeer.start(binary, snapshot.apply(any, envoyLog.toString()));
        List<String> names = own.listeners().stream().map(Listener::getName).toList();
        ourPorts =
                names.stream()
                        .mapToInt(
                                name ->
                                        Objects.requireNonNull(runtime.listening().get(name), name)
                                                .getFirst()
                                                .getPort())
                        .toArray();
        envoyPorts = names.stream().mapToInt(envoy::port).toArray();
        for (int port : ourPorts) {
            for (int i = 0; i < 3; i++) {
                RawClient.send(
                        port,
                        "GET / HTTP/1.1\r\nhost: a.example.com\r\n\r\n",
                        new RawClient.Patience(5000, 20));
            }
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Outcome ours(String bytes) {
        return ours(0, bytes, RawClient.Patience.USUAL);
    }

    Outcome ours(int listener, String bytes, RawClient.Patience patience) {
        ourLog.clear();
        Outcome outcome = exchange(ourPorts[listener], bytes, patience);
        List<String> lines = new ArrayList<>();
        try {
            String first = ourLog.poll(3, TimeUnit.SECONDS);
            if (first != null) {
                lines.add(first);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ourLog.drainTo(lines);
        return new Outcome(outcome.answer(), outcome.received(), lines);
    }

    Outcome envoy(String bytes) {
        return envoy(0, bytes, RawClient.Patience.USUAL);
    }

    Outcome envoy(int listener, String bytes, RawClient.Patience patience) {
        Outcome outcome = exchange(envoyPorts[listener], bytes, patience);
        List<String> lines =
                Awaitility.await("Envoy logs the exchange")
                        .pollInterval(5, TimeUnit.MILLISECONDS)
                        .atMost(5, TimeUnit.SECONDS)
                        .until(() -> Files.readAllLines(envoyLog), all -> all.size() > envoyLines);
        List<String> fresh = List.copyOf(lines.subList(envoyLines, lines.size()));
        envoyLines = lines.size();
        return new Outcome(outcome.answer(), outcome.received(), fresh);
    }

    private Outcome exchange(int port, String bytes, RawClient.Patience patience) {
        backends.forEach(Backend::take);
        java.util.Objects.requireNonNull(others.get());
        RawClient.Answer answer = RawClient.send(port, bytes, patience);
        if (answer.closed() || answer.status().equals(RawClient.NO_ANSWER)) {
            awaitQuiet();
        }
        List<String> received = new ArrayList<>();
        for (Backend backend : backends) {
            for (String request : backend.take()) {
                received.add(normalize(request));
            }
        }
        others.get().forEach(request -> received.add(normalize(request)));
        Collections.sort(received);
        List<String> headers = new ArrayList<>();
        for (String header : answer.headers()) {
            if (header.startsWith("date: ") && !header.contains("yesterday")) {
                headers.add("date: <date>");
            } else if (header.startsWith("x-envoy-upstream-service-time: ")) {
                headers.add("x-envoy-upstream-service-time: <ms>");
            } else {
                headers.add(UUID.matcher(header).replaceAll("<uuid>"));
            }
        }
        return new Outcome(
                new RawClient.Answer(answer.status(), headers, answer.body(), answer.closed()),
                received,
                List.of());
    }

    /** Lets backends see the end of requests that were cut; some never end. */
    private void awaitQuiet() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (!backends.stream().allMatch(Backend::quiet) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    /** Header lines in order of their names, with values that differ each time masked. */
    private static String normalize(String request) {
        int end = request.indexOf("\r\n\r\n");
        String[] lines = request.substring(0, end).split("\r\n");
        List<String> headers = new ArrayList<>(List.of(lines).subList(1, lines.length));
        headers.replaceAll(line -> UUID.matcher(line).replaceAll("<uuid>"));
        headers.replaceAll(
                line ->
                        line.startsWith("x-envoy-expected-rq-timeout-ms: ")
                                ? "x-envoy-expected-rq-timeout-ms: <ms>"
                                : line);
        // Peers on loopback, and a gateway that calls by itself, are named by the node's own
        // address,
        // which differs by machine. A mirror's copy names both.
        boolean internal = request.contains("x-envoy-internal: true\r\n");
        headers.replaceAll(
                line -> line.startsWith("x-forwarded-for: ") ? masked(line, internal) : line);
        Collections.sort(headers);
        return lines[0] + "\n  " + String.join("\n  ", headers) + "\n" + request.substring(end + 4);
    }

    private static String masked(String forwardedFor, boolean internal) {
        String both =
                internal ? forwardedFor.replaceAll("[0-9.]+,[0-9.]+$", "<peer>,<gateway>") : "";
        return both.endsWith("<gateway>") ? both : forwardedFor.replaceAll("[0-9.]+$", "<peer>");
    }

    @Override
    public void close() {
        runtime.close();
        loops.close();
        envoy.close();
        try {
            Files.deleteIfExists(envoyLog);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
