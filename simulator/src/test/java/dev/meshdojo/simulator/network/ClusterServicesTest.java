package dev.meshdojo.simulator.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.node.KubeletOptions;
import dev.meshdojo.simulator.node.NodeUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services as workloads and the host reach them. */
@Timeout(60)
class ClusterServicesTest {

    private static NodeUnderTest node;
    private static String podIp;

    @BeforeAll
    static void start() {
        node = new NodeUnderTest(KubeletOptions.defaults().withEvents(false));
        node.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: echo, namespace: default, labels: {app: echo}}
                spec:
                  nodeName: lab-node
                  containers: [{name: app, image: "meshdojo/echo:1"}]
                """);
        podIp = Fields.text(node.awaitReady("echo"), "status", "podIP");
        service(
                "web",
                "type: ClusterIP, clusterIP: 10.96.7.7, clusterIPs: [10.96.7.7]",
                80,
                "http");
        service("bare", "clusterIP: None, clusterIPs: [None]", 8080, "http");
        service(
                "node",
                "type: NodePort, clusterIP: 10.96.7.8, clusterIPs: [10.96.7.8]",
                80,
                "http");
        service("empty", "clusterIP: 10.96.7.9, clusterIPs: [10.96.7.9]", 80, "none");
        node.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: alias, namespace: default}
                spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
                """);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(
                        () ->
                                node.network.resolve("default", "node", 80) != null
                                        && !node.network.lookup("default", "alias").isEmpty());
    }

    private static void service(String name, String spec, int port, String portName) {
        int nodePort = name.equals("node") ? 31987 : 0;
        node.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec: {%s, ports: [{name: http, port: %d%s}]}
                """
                        .formatted(
                                name, spec, port, nodePort == 0 ? "" : ", nodePort: " + nodePort));
        node.create(
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %s-1, namespace: default, labels: {kubernetes.io/service-name: %s}}
                addressType: IPv4
                ports: [{name: %s, port: 8080, protocol: TCP}]
                endpoints: [{addresses: ["%s"], hostname: zero, conditions: {ready: true}}]
                """
                        .formatted(name, name, portName, podIp));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest(name = "{0}:{2} from namespace {1}")
    @CsvSource({
        "web, default, 80",
        "web.default, other, 80",
        "web.default.svc.cluster.local, other, 80",
        "10.96.7.7, other, 80",
        "alias, default, 80",
        "bare, default, 8080",
        "zero.bare, default, 8080",
        "192.168.49.2, default, 31987",
    })
    void namesAndAddressesLeadToTheEndpoint(String host, String namespace, int port)
            throws IOException {
        try (var client = node.network.attachPod(namespace, "client");
                Socket socket = node.network.connect(client, host, port)) {
            assertThat(answer(socket)).contains("\"service\":\"default/echo\"");
        }
    }

    @ParameterizedTest(name = "{0}:{1}")
    @CsvSource({"web, 81", "empty, 80", "10.96.7.200, 80"})
    void portsWithoutEndpointsRefuse(String host, int port) {
        try (var client = node.network.attachPod("default", "client")) {
            assertThatThrownBy(() -> node.network.connect(client, host, port))
                    .hasMessage("Connection refused");
        }
    }

    @Test
    void aNodePortAnswersOnTheHostWhileSomethingListensBehindIt() throws IOException {
        ExposedPort exposed = node.network.exposed().getFirst();

        assertThat(exposed.service()).isEqualTo("node");
        assertThat(exposed.hostAddress().getAddress().isLoopbackAddress()).isTrue();
        try (Socket socket = new Socket()) {
            socket.connect(exposed.hostAddress());
            assertThat(answer(socket)).contains("\"service\":\"default/echo\"");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLoadBalancerAddressOfThePoolAnswersOnTheHost() throws IOException {
        String ip = node.network.loadBalancerPool().getFirst();
        service(
                "balanced",
                "type: LoadBalancer, clusterIP: 10.96.7.10, clusterIPs: [10.96.7.10]",
                8088,
                "http");
        ObjectNode status = Fields.object();
        status.putObject("status")
                .putObject("loadBalancer")
                .putArray("ingress")
                .addObject()
                .put("ip", ip);
        node.api.editStatus(
                new dev.meshdojo.simulator.apiserver.ResourceKey(
                        "", "services", "default", "balanced"),
                live -> {
                    if (live != null) {
                        live.set("status", status.path("status"));
                    }
                    return live;
                });
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(ip), 8088);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(
                        () ->
                                node.network.exposed().stream()
                                        .anyMatch(p -> p.hostAddress().equals(address)));

        try (Socket socket = new Socket()) {
            socket.connect(address);
            assertThat(answer(socket)).contains("\"service\":\"default/echo\"");
        }
    }

    private static String answer(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
}
