package dev.meshdojo.simulator.apiserver.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.node.KubeletOptions;
import dev.meshdojo.simulator.node.NodeUnderTest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The streams as the fabric8 client uses them. */
@Timeout(60)
class PodStreamsTest {

    private static NodeUnderTest node;
    private static KubernetesClient client;

    @BeforeAll
    static void start() {
        node = new NodeUnderTest(KubeletOptions.defaults());
        node.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: echo, namespace: default, labels: {app: echo}}
                spec:
                  nodeName: lab-node
                  containers: [{name: app, image: "meshdojo/echo:1"}]
                """);
        node.awaitReady("echo");
        client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(node.server.kubeconfig()))
                        .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
    }

    @Test
    void execCarriesInputOutputErrorsAndTheExitCode() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ExecWatch exec =
                client.pods()
                        .inNamespace("default")
                        .withName("echo")
                        .redirectingInput()
                        .writingOutput(out)
                        .writingError(err)
                        .exec("sh", "-c", "head -n 1; echo wrong >&2; exit 3")) {
            exec.getInput().write("typed\n".getBytes(StandardCharsets.UTF_8));
            exec.getInput().flush();
            assertThat(exec.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(3);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("typed\n");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("wrong\n");
    }

    @Test
    void portForwardReachesThePod() throws Exception {
        try (LocalPortForward forward =
                        client.pods().inNamespace("default").withName("echo").portForward(9000);
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), forward.getLocalPort())) {
            socket.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
            assertThat(
                            new String(
                                    socket.getInputStream().readNBytes(16),
                                    StandardCharsets.US_ASCII))
                    .isEqualTo("tcp-echo-v1:ping");
        }
    }

    @Test
    void logsAreReadWholeAndByTail() throws Exception {
        try (Socket socket = node.network.connect(null, podIp(), 8080)) {
            socket.getOutputStream()
                    .write(
                            "GET /logged HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }

        String log = client.pods().inNamespace("default").withName("echo").tailingLines(1).getLog();

        assertThat(log).contains("\"path\":\"/logged\"").hasLineCount(1);
    }

    private static String podIp() {
        return client.pods().inNamespace("default").withName("echo").get().getStatus().getPodIP();
    }
}
