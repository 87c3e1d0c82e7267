package dev.meshdojo.simulator.apiserver.schema;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.admission.IstioValidationPlugin;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ApiServerOptions;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Strict creates of Istio objects and a few of the Gateway API: what a real API server and istiod's
 * webhook said, and what ours say over HTTPS.
 */
class RecordedVerdictsTest {

    private static final Path CORPUS = Path.of("../scenarios/corpus/validation");

    /** In the corpus' form: nulls, huge numbers, duplicates, combinations, conversions in rules. */
    private static final Path FURTHER =
            Path.of("src/test/resources/dev/meshdojo/simulator/apiserver/schema/verdicts.jsonl");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static ApiServer server;
    private static HttpClient client;

    record Row(String file, int line, JsonNode recorded) {
        @Override
        public String toString() {
            return recorded.path("name").asText();
        }
    }

    static Stream<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(CORPUS)) {
            for (Path file : Stream.concat(files.sorted(), Stream.of(FURTHER)).toList()) {
                int number = 0;
                for (String line : Files.readAllLines(file)) {
                    rows.add(new Row(file.getFileName().toString(), ++number, JSON.readTree(line)));
                }
            }
        }
        return rows.stream();
    }

    @BeforeAll
    static void start() throws GeneralSecurityException, IOException {
        List<CustomDefinition> kinds = new ArrayList<>(Preinstalled.istio());
        kinds.addAll(Preinstalled.gatewayApi());
        server =
                ApiServer.start(
                        ApiServerOptions.defaults()
                                .with(new CustomResources(kinds, Clock.systemUTC()))
                                .with(
                                        points ->
                                                points.admission(
                                                        new IstioValidationPlugin(() -> true))));
        for (String namespace : List.of("apps", "istio-system", "istio-ingress", "other")) {
            ObjectNode object = JSON.createObjectNode();
            object.put("apiVersion", "v1").put("kind", "Namespace");
            object.putObject("metadata").put("name", namespace);
            server.api().create(object);
        }
        client = HttpClient.newBuilder().sslContext(trusting(server.authorityPem())).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @DisplayName("A strict create gets the verdict and the words of the real thing")
    void saysWhatTheRealThingSaid(Row row) throws IOException, InterruptedException {
        JsonNode resource = row.recorded().path("resource");
        String apiVersion = resource.path("apiVersion").asText();
        String group = apiVersion.substring(0, apiVersion.indexOf('/'));
        ResourceDefinition definition =
                requireNonNull(server.registry().findKind(group, resource.path("kind").asText()));
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                server.address()
                                                        + "/apis/"
                                                        + apiVersion
                                                        + "/namespaces/"
                                                        + resource.path("metadata")
                                                                .path("namespace")
                                                                .asText()
                                                        + "/"
                                                        + definition.plural()
                                                        + "?fieldValidation=Strict&dryRun=All"))
                                .header("Authorization", "Bearer " + server.token())
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(resource.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        String message = JSON.readTree(response.body()).path("message").asText();
        String denied =
                "admission webhook \"rev.validation.istio.io\" denied the request: configuration is"
                        + " invalid: ";
        switch (row.recorded().path("verdict").asText()) {
            case "accepted" -> assertThat(response.statusCode()).as(message).isEqualTo(201);
            case "denied" -> {
                assertThat(message).isEqualTo(denied + row.recorded().path("message").asText());
                assertThat(response.statusCode()).isEqualTo(400);
            }
            default ->
                    assertThat(parts(message))
                            .isEqualTo(parts(row.recorded().path("message").asText()));
        }
    }

    /** The errors of an aggregate come in the order of a Go map, so they are compared as a set. */
    private static Set<String> parts(String message) {
        int open = message.indexOf(": [");
        return open < 0 || !message.endsWith("]")
                ? Set.of(message)
                : Set.copyOf(
                        List.of(
                                message.substring(open + 3, message.length() - 1)
                                        .split(", (?=spec|<nil>)")));
    }
}
