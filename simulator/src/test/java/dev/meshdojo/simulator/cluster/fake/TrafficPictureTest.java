package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.TrafficHop;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TrafficPictureTest {

    private static final String MANIFEST =
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: apps}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: follow, namespace: apps}
            spec:
              selector: {matchLabels: {app: follow}}
              template:
                metadata: {labels: {app: follow}}
                spec:
                  containers:
                  - name: app
                    image: nicholasjackson/fake-service:v0.26.2
                    env: [{name: UPSTREAM_URIS, value: "http://order:9090/items?x=1,http://nobody:1"}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: order-v1, namespace: apps}
            spec:
              selector: {matchLabels: {app: order}}
              template:
                metadata: {labels: {app: order}}
                spec:
                  containers: [{name: app, image: "nicholasjackson/fake-service:v0.26.2"}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: follow, namespace: apps}
            spec: {selector: {app: follow}, ports: [{port: 9090}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: order, namespace: apps}
            spec: {selector: {app: order}, ports: [{port: 9090}]}
            """;

    @Test
    void shows_the_hop_from_one_service_to_the_next() throws Exception {
        List<TrafficHop> hops = new CopyOnWriteArrayList<>();
        try (FakeCluster cluster =
                        FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
                AutoCloseable watch = cluster.watchTraffic(hops::add)) {
            assertThat(watch).isNotNull();
            apply(cluster);
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> get(cluster).contains("\"name\": \"Service\""));
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () ->
                                    get(cluster).contains("http://order:9090/items")
                                            && hops.stream().anyMatch(hop -> hop.status() == 200));
        }

        assertThat(hops)
                .filteredOn(hop -> hop.status() == 200)
                .allSatisfy(
                        hop -> {
                            assertThat(hop.from()).isEqualTo("apps/follow");
                            assertThat(hop.to()).isEqualTo("apps/order");
                            assertThat(hop.request()).isEqualTo("GET /items");
                        });
        assertThat(hops)
                .as("a call that nobody answers is a hop without status")
                .anySatisfy(
                        hop -> {
                            assertThat(hop.to()).isEqualTo("nobody");
                            assertThat(hop.status()).isZero();
                        });
    }

    private static void apply(FakeCluster cluster) throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        try (var documents = yaml.readerFor(ObjectNode.class).<ObjectNode>readValues(MANIFEST)) {
            while (documents.hasNext()) {
                cluster.api().create(documents.next());
            }
        }
    }

    private static String get(FakeCluster cluster) throws IOException {
        try (Socket socket = cluster.connector().connect("follow.apps", 9090)) {
            socket.getOutputStream()
                    .write(
                            "GET /buy HTTP/1.1\r\nHost: follow\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
