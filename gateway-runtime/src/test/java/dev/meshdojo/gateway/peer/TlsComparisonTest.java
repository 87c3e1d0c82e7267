package dev.meshdojo.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("TLS clients fare as with the real Envoy")
class TlsComparisonTest {

    private static final TlsRows ALL = new TlsRows();
    private static final Pattern SESSION = Pattern.compile("session=[0-9a-f]{64}");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @TempDir static Path directory = Path.of("");

    private static final Map<String, List<String>> OUR_LOG = new ConcurrentHashMap<>();
    private static @Nullable GatewayRuntime runtime;
    private static @Nullable EnvoyPeer envoy;
    private static @Nullable Backend backend;
    private static int[] ours = {};
    private static int[] theirs = {};

    @BeforeAll
    static void start() {
        Optional<Path> binary = EnvoyPeer.binary();
        assumeTrue(
                binary.isPresent(),
                "no Envoy: put envoy on PATH or name it in MESHDOJO_ENVOY to run this");
        Backend one = new Backend("one");
        backend = one;
        List<String> names = ALL.servers().names();
        int[] any = new int[names.size()];
        GatewayRuntime started =
                GatewayRuntime.start(
                        GatewayOptions.defaults()
                                .withLogLines(
                                        (path, line) ->
                                                OUR_LOG.computeIfAbsent(
                                                                path,
                                                                none ->
                                                                        Collections
                                                                                .synchronizedList(
                                                                                        new ArrayList<>()))
                                                        .add(line.strip())));
        runtime = started;
        var acknowledgement = started.apply(ALL.servers().snapshot(any, "", one.port()));
        assertThat(acknowledgement.rejections()).isEmpty();
        ours =
                names.stream()
                        .mapToInt(
                                name ->
                                        Objects.requireNonNull(started.listening().get(name), name)
                                                .getFirst()
                                                .getPort())
                        .toArray();
        String logs = directory.resolve("log-").toString();
        EnvoyPeer peer =
                EnvoyPeer.start(binary.get(), ALL.servers().snapshot(any, logs, one.port()));
        envoy = peer;
        theirs = names.stream().mapToInt(peer::port).toArray();
    }

    @AfterAll
    static void stop() throws IOException {
        if (runtime != null) {
            runtime.close();
        }
        if (envoy != null) {
            envoy.close();
        }
        if (backend != null) {
            backend.close();
        }
    }

    static Stream<TlsRows.Row> rows() {
        return ALL.rows().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void sameOutcome(TlsRows.Row row) {
        int server = ALL.servers().names().indexOf(row.server());
        Path file = directory.resolve("log-" + server);
        Supplier<List<String>> theirLog = () -> lines(file);
        // The fixture's own probe of the port leaves a line.
        Awaitility.await("Envoy logs the probe").until(() -> !theirLog.get().isEmpty());
        String expected = run(row, theirs[server], theirLog);
        String seen = run(row, ours[server], ourLog(server));
        assertThat(seen).isEqualTo(alert(expected));
    }

    static Stream<TlsRows.Bytes> bytes() {
        return ALL.bytes().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bytes")
    void sameEnd(TlsRows.Bytes row) {
        int server = ALL.servers().names().indexOf(row.server());
        Path file = directory.resolve("log-" + server);
        Supplier<List<String>> theirLog = () -> lines(file);
        Awaitility.await("Envoy logs the probe").until(() -> !theirLog.get().isEmpty());
        String expected = send(row, theirs[server], theirLog).replace("L 0 DPE", "L 0 -");
        String seen = send(row, ours[server], ourLog(server));
        assertThat(seen).isEqualTo(expected);
    }

    private static String send(TlsRows.Bytes row, int port, Supplier<List<String>> log) {
        int before = log.get().size();
        StringBuilder story = new StringBuilder(TlsClient.send(port, row.bytes())).append('\n');
        for (String line : fresh(log, before)) {
            // How far a handshake came, and the codec's flags, are told elsewhere.
            story.append(masked(line.replaceAll("(sni=\\S+) .* (why=)", "$1 $2"))).append('\n');
        }
        return story.toString().lines().sorted().collect(Collectors.joining("\n"));
    }

    private static Supplier<List<String>> ourLog(int server) {
        return () -> List.copyOf(OUR_LOG.getOrDefault("" + server, List.of()));
    }

    /** The lines since there were {@code before}, once the connection's own is among them. */
    private static List<String> fresh(Supplier<List<String>> log, int before) {
        try {
            return Awaitility.await()
                    .atMost(3, TimeUnit.SECONDS)
                    .pollInterval(5, TimeUnit.MILLISECONDS)
                    .until(
                            () -> log.get().stream().skip(before).toList(),
                            lines -> lines.stream().anyMatch(line -> line.startsWith("L")));
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return List.of("no line");
        }
    }

    private static String run(TlsRows.Row row, int port, Supplier<List<String>> log) {
        Backend upstream = java.util.Objects.requireNonNull(backend);
        upstream.take();
        TlsClient client = new TlsClient(row.client());
        StringBuilder story = new StringBuilder();
        for (String request : row.requests()) {
            int before = log.get().size();
            story.append(client.exchange(port, request)).append('\n');
            List<String> fresh = fresh(log, before);
            for (String line : fresh) {
                story.append(masked(line)).append('\n');
            }
            for (String received : upstream.take()) {
                story.append(
                        UUID.matcher(received)
                                .replaceAll("<uuid>")
                                .replaceAll("x-forwarded-for: [0-9.]+", "x-forwarded-for: <peer>"));
            }
        }
        return story.toString();
    }

    /**
     * Of a failed handshake only name and reason: how far it came is the library's affair, as is
     * what else was on its list of errors.
     */
    private static String masked(String line) {
        String known = SESSION.matcher(line).replaceAll("session=<id>");
        return known.endsWith("why=-")
                ? known
                : known.replaceAll("(sni=\\S+) .* (why=)", "$1 $2")
                        .replaceAll("TLS_error:\\|.*\\|268435581", "TLS_error:|268435581")
                        .replaceAll("BAD_DECRYPT\\|.*", "BAD_DECRYPT:TLS_error_end")
                        .replaceAll("\\|268435650[^|]*", "");
    }

    /** An alert that the TLS library cannot be made to send. */
    private static String alert(String story) {
        return story.replace("bad_certificate_hash_value", "certificate_unknown");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
