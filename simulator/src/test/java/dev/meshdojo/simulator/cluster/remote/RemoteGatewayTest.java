package dev.meshdojo.simulator.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.istio.proxy.ProxyPod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that knows a cluster by its API alone, with the in-process cluster as that cluster. */
@Timeout(300)
class RemoteGatewayTest {

    private static final String MANIFEST =
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: apps}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: alpha, namespace: apps, labels: {app: alpha}}
            spec: {containers: [{name: app, image: hashicorp/http-echo, args: [-text=alpha]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: alpha, namespace: apps}
            spec: {selector: {app: alpha}, ports: [{name: http, port: 80, targetPort: 5678}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: g, namespace: apps}
            spec:
              selector: {gateway: remote}
              servers: [{port: {number: PORT, name: http, protocol: HTTP}, hosts: ["*"]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: v, namespace: apps}
            spec:
              hosts: ["*"]
              gateways: [g]
              http:
              - match: [{uri: {exact: /teapot}}]
                directResponse: {status: 418}
              - route: [{destination: {host: alpha}}]
            """;

    private final List<String> notes = new CopyOnWriteArrayList<>();

    private RemoteGateway.Options options() {
        ProxyPod pod =
                new ProxyPod("edge", "apps", "127.0.0.1", "edge", "", Map.of("gateway", "remote"));
        return new RemoteGateway.Options(pod, true, notes::add);
    }

    @Test
    void serves_what_the_objects_say_and_reaches_pods_through_the_api_server() throws Exception {
        int port = freePort();
        try (FakeCluster cluster =
                        FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
                RemoteGateway gateway =
                        RemoteGateway.start(
                                cluster.client(), GatewayOptions.defaults(), options())) {
            ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
            try (var objects =
                    yaml.readerFor(ObjectNode.class)
                            .<ObjectNode>readValues(
                                    MANIFEST.replace("PORT", String.valueOf(port)))) {
                while (objects.hasNext()) {
                    cluster.api().create(objects.next());
                }
            }
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .untilAsserted(
                            () ->
                                    assertThat(get(port, "/"))
                                            .as(
                                                    "notes %s, listening %s",
                                                    notes, gateway.runtime().listening())
                                            .startsWith("HTTP/1.1 200")
                                            .endsWith("alpha\n"));
            assertThat(get(port, "/teapot")).startsWith("HTTP/1.1 418");

            cluster.api().delete(new ResourceKey("networking.istio.io", "gateways", "apps", "g"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> gateway.runtime().listening().isEmpty());
        }
    }

    @Test
    void says_that_nothing_answers_and_where() throws Exception {
        int port = freePort();
        try (KubernetesClient client = client("https://127.0.0.1:" + port, "t")) {
            assertThatThrownBy(
                            () -> RemoteGateway.start(client, GatewayOptions.defaults(), options()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("cannot be reached")
                    .hasMessageContaining("start the cluster");
        }
    }

    @Test
    void says_that_credentials_are_no_good() throws Exception {
        try (FakeCluster cluster =
                        FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
                KubernetesClient client =
                        client(cluster.apiServer().address().toString(), "expired")) {
            assertThatThrownBy(
                            () -> RemoteGateway.start(client, GatewayOptions.defaults(), options()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("401")
                    .hasMessageContaining("get a new kubeconfig");
        }
    }

    private static KubernetesClient client(String server, String token) {
        Config config = Config.empty();
        config.setMasterUrl(server);
        config.setOauthToken(token);
        config.setTrustCerts(true);
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
