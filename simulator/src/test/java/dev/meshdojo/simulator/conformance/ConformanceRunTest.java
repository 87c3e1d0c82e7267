package dev.meshdojo.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.cli.ConformanceCommand;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The runner against a server whose answer is known: a wrong expectation has to fail. */
@Timeout(60)
class ConformanceRunTest {

    private static final String CASE =
            """
            apiVersion: meshdojo.dev/v1alpha1
            kind: ConformanceCase
            metadata: {name: one, area: fixed}
            spec:
              resources: []
              exchanges:
                - name: only
                  request: {port: 80, path: /x, host: a.example.com}
                  expect:
                    outcome: response
                    status: 200
                    headers: {content-length: "5", x-made: by-hand}
                    body: hello
            """;

    @TempDir private Path directory;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
                    exchange.getResponseHeaders().set("x-made", "by-hand");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "hello           | hello           | 0 |",
                "status: 200     | status: 201     | 1 | status: expected 201, seen 200",
                "body: hello     | body: help      | 1 | body: expected help, seen hello",
                "by-hand         | by-machine      | 1 | headers.x-made: expected [by-machine],",
                "', x-made: by-hand'  | ''         | 1 | headers.x-made: expected none,",
                "outcome: response | outcome: closed | 1 | outcome: expected closed, seen response",
            })
    void aWrongExpectationFails(String text, String changed, int code, @Nullable String difference)
            throws IOException {
        Files.writeString(directory.resolve("world.yaml"), "");
        Files.writeString(directory.resolve("one.yaml"), CASE.replace(text, changed));
        StringWriter out = new StringWriter();
        CommandLine command =
                new CommandLine(new ConformanceCommand(corpus -> new Fixed(server.getAddress())));
        command.setOut(new PrintWriter(out, true));

        int result = command.execute(directory.toString(), "--report", directory + "/report");

        assertThat(result).as(out.toString()).isEqualTo(code);
        assertThat(out.toString()).contains(difference == null ? "ok   fixed/one" : difference);
        assertThat(JsonView.of(report()).integer("exchangesCompared")).isEqualTo(1);
        assertThat(JsonView.of(report()).integer("exchangesEqual")).isEqualTo(1 - code);
    }

    private com.fasterxml.jackson.databind.JsonNode report() throws IOException {
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(directory.resolve("report/conformance.json").toFile());
    }

    /** A target that is one server. */
    private record Fixed(InetSocketAddress server) implements ConformanceTarget {

        @Override
        public Applied apply(ObjectNode object, Instant created) {
            return new Applied("", List.of());
        }

        @Override
        public void remove(ObjectNode object) {}

        @Override
        public void awaitConfigured() {}

        @Override
        public InetSocketAddress address(String service, int port) {
            return server;
        }

        @Override
        public String gatewayAddress(String service) {
            return "10.244.0.1";
        }

        @Override
        public String clientAddress() {
            return "192.168.49.1";
        }

        @Override
        public void clearObservations() {}

        @Override
        public List<Map<String, @Nullable Object>> accessLog() {
            return List.of();
        }

        @Override
        public List<JsonView> received() {
            return List.of();
        }

        @Override
        public void awaitObserved(int requests, int entries, Duration atMost) {}

        @Override
        public void awaitSilence(Duration silence) {}

        @Override
        public XdsSnapshot configuration(String service) {
            return XdsSnapshot.empty();
        }

        @Override
        public void close() {}
    }
}
