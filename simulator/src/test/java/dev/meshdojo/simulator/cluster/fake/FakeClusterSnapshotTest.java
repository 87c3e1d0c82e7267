package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FakeClusterSnapshotTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ResourceKey WEB = new ResourceKey("apps", "deployments", "default", "web");
    private static final ResourceKey SERVICE = new ResourceKey("", "services", "default", "web");
    private static final String MANIFEST =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - {name: web, image: "hashicorp/http-echo:1.0", args: ["-text=%s"], ports: [{containerPort: 5678}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec:
              type: LoadBalancer
              selector: {app: web}
              ports: [{port: 80, targetPort: 5678}]
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: books.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {kind: Book, plural: books, singular: book}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;

    @TempDir Path folder;

    @Test
    void another_cluster_goes_on_from_the_file_of_one_that_is_closed() throws Exception {
        Path file = folder.resolve("state");
        String kubeconfig;
        URI address;
        List<JsonNode> pods;
        JsonNode service;
        try (FakeCluster cluster = start(options())) {
            apply(cluster, MANIFEST.formatted("first"));
            awaitReady(cluster, 2);
            awaitBook(cluster);
            awaitAnswer(cluster, "first");
            pods = identities(cluster);
            service = balancer(cluster);
            kubeconfig = cluster.kubeconfig();
            address = cluster.apiServer().address();
            SnapshotFile.save(cluster.snapshot(), file);
        }
        Snapshot saved = SnapshotFile.load(file);

        try (FakeCluster cluster =
                start(options().withPort(address.getPort()).withSnapshot(saved))) {
            assertThat(Long.parseLong(cluster.api().resourceVersion()))
                    .isGreaterThanOrEqualTo(saved.image().revision());
            assertThat(cluster.kubeconfig()).as("old kubeconfigs work").isEqualTo(kubeconfig);
            awaitReady(cluster, 2);
            awaitAnswer(cluster, "first");
            assertThat(identities(cluster)).isEqualTo(pods);
            assertThat(balancer(cluster)).isEqualTo(service);
            assertThat(cluster.api().list("example.com", "books", "", "").items()).hasSize(1);
            assertThat(events(cluster)).contains("SandboxChanged");
        }
    }

    @Test
    void goes_back_to_a_state_while_it_runs() throws Exception {
        try (FakeCluster cluster = start(options())) {
            apply(cluster, MANIFEST.formatted("first"));
            awaitReady(cluster, 2);
            awaitAnswer(cluster, "first");
            List<JsonNode> pods = identities(cluster);
            String address = find(cluster, SERVICE).at("/spec/clusterIP").asText();
            Snapshot before = cluster.snapshot();
            cluster.api().delete(SERVICE);
            cluster.api()
                    .edit(
                            WEB,
                            live -> {
                                Objects.requireNonNull(live).withObject("/spec").put("replicas", 3);
                                ((ObjectNode) live.at("/spec/template/spec/containers/0"))
                                        .putArray("args")
                                        .add("-text=second");
                                return live;
                            });
            await().atMost(LIMIT)
                    .until(() -> identities(cluster).stream().noneMatch(pods::contains));
            String version = cluster.api().resourceVersion();

            cluster.restore(before);

            assertThat(Long.parseLong(cluster.api().resourceVersion()))
                    .isGreaterThan(Long.parseLong(version));
            awaitReady(cluster, 2);
            awaitAnswer(cluster, "first");
            assertThat(identities(cluster)).isEqualTo(pods);
            assertThat(find(cluster, SERVICE).at("/spec/clusterIP").asText()).isEqualTo(address);
            apply(
                    cluster,
                    """
                    {apiVersion: v1, kind: Service, metadata: {name: late, namespace: default}, spec: {ports: [{port: 80}]}}
                    """);
            assertThat(
                            find(cluster, new ResourceKey("", "services", "default", "late"))
                                    .at("/spec/clusterIP")
                                    .asText())
                    .as("an address that is taken again is not given away")
                    .isNotEqualTo(address);
        }
    }

    private static ObjectNode find(FakeCluster cluster, ResourceKey key) {
        return Objects.requireNonNull(cluster.api().find(key), key::toString);
    }

    private static FakeClusterOptions options() {
        return FakeClusterOptions.of(new ClusterSpec(IstioProfile.NONE, LoadBalancer.METALLB));
    }

    private static FakeCluster start(FakeClusterOptions options) throws InterruptedException {
        return FakeCluster.start(options);
    }

    private static void apply(FakeCluster cluster, String manifest) throws IOException {
        try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(manifest)) {
            while (documents.hasNext()) {
                cluster.api().create(documents.next());
            }
        }
    }

    private static void awaitBook(FakeCluster cluster) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(
                        () -> {
                            apply(
                                    cluster,
                                    """
                                    {apiVersion: example.com/v1, kind: Book, metadata: {name: b, namespace: default}}
                                    """);
                            return true;
                        });
    }

    private static void awaitReady(FakeCluster cluster, int replicas) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(find(cluster, WEB).at("/status/readyReplicas").asInt())
                                        .isEqualTo(replicas));
    }

    private static List<JsonNode> identities(FakeCluster cluster) {
        return cluster.api().list("", "pods", "default", "").items().stream()
                .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                .<JsonNode>map(
                        pod ->
                                YAML.createObjectNode()
                                        .put("name", pod.at("/metadata/name").asText())
                                        .put("uid", pod.at("/metadata/uid").asText())
                                        .put("ip", pod.at("/status/podIP").asText())
                                        .put("started", pod.at("/status/startTime").asText()))
                .toList();
    }

    private static JsonNode balancer(FakeCluster cluster) {
        return find(cluster, SERVICE).at("/status/loadBalancer");
    }

    private static List<String> events(FakeCluster cluster) {
        return cluster.api().list("", "events", "default", "").items().stream()
                .map(event -> event.path("reason").asText())
                .toList();
    }

    private static void awaitAnswer(FakeCluster cluster, String text) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(cluster)).contains(text));
    }

    private static String get(FakeCluster cluster) throws IOException {
        String address = balancer(cluster).at("/ingress/0/ip").asText();
        try (Socket socket =
                address.isEmpty()
                        ? cluster.connector().connect("web.default", 80)
                        : new Socket(address, 80)) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
