package dev.meshdojo.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.stream.PodStreams;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.ContainerProcess;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.Stdio;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ContainerLifecycleTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final PodName POD = new PodName("default", "p");
    private static final ResourceKey KEY = new ResourceKey("", "pods", "default", "p");

    private final NodeUnderTest node =
            new NodeUnderTest(
                    KubeletOptions.defaults()
                            .withTokens((pod, validity, audiences) -> "token-of-" + pod.account()));

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aSignalToProcessOneRestartsTheContainer() throws Exception {
        pod("{name: c, image: busybox, command: [sleep, infinity]}");

        assertThat(exec("kill -9 1; echo alive")).as("deaf to SIGKILL").isEqualTo("alive\n");
        exec("kill 1");

        ObjectNode pod = node.awaitPod("p", p -> restarts(p) == 1 && ready(p));
        assertThat(pod.at("/status/containerStatuses/0/lastState/terminated/exitCode").asInt())
                .isEqualTo(143);
    }

    @Test
    void hooksRunAfterTheStartAndBeforeTheEnd() throws Exception {
        pod(
                """
                {name: c, image: busybox, command: [sleep, infinity], lifecycle: {
                  postStart: {exec: {command: [sh, -c, "echo up > /tmp/hook"]}},
                  preStop: {exec: {command: [sh, -c, "echo bye > /proc/1/fd/1; sleep 60"]}}}}
                """);
        assertThat(exec("cat /tmp/hook")).isEqualTo("up\n");

        node.api.edit(
                new ResourceKey("", "pods", "default", "p"),
                live -> {
                    if (live != null) {
                        live.withObject("/metadata").putArray("finalizers").add("test/keep");
                    }
                    return live;
                });
        node.api.delete(KEY);

        await().atMost(LIMIT)
                .until(() -> node.events().stream().anyMatch(e -> e.startsWith("Killing")));
        assertThat(exec("echo still here")).as("within the grace period").contains("still here");
    }

    @Test
    void aPostStartHookThatFailsEndsTheContainer() {
        create(
                """
                {name: c, image: busybox, command: [sleep, infinity], lifecycle: {
                  postStart: {exec: {command: ["false"]}}}}
                """);

        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(node.events())
                                        .contains(
                                                "FailedPostStartHook: PostStartHook failed",
                                                "Killing: FailedPostStartHook"));
    }

    @Test
    void anotherImageRestartsTheContainer() {
        pod("{name: c, image: busybox, command: [sleep, infinity]}");

        node.api.edit(
                KEY,
                live -> {
                    if (live != null) {
                        ((ObjectNode) live.at("/spec/containers/0")).put("image", "alpine:3");
                    }
                    return live;
                });

        ObjectNode pod = node.awaitPod("p", p -> restarts(p) == 1 && ready(p));
        assertThat(pod.at("/status/containerStatuses/0/image").asText()).isEqualTo("alpine:3");
        assertThat(node.events())
                .contains("Killing: Container c definition changed, will be restarted");
    }

    @Test
    void whatIsTypedReachesTheProgramAndItsOutputComesBack() throws Exception {
        pod("{name: c, image: busybox, stdin: true, stdinOnce: true}");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream typed =
                new ByteArrayInputStream(
                        "echo hello $HOSTNAME\nexit 7\n".getBytes(StandardCharsets.UTF_8));

        try (ContainerProcess attached =
                node.kubelet.streams().attach(POD, null, new Stdio(typed, out, null, false))) {
            assertThat(attached.await()).as("attach has no exit code of its own").isZero();
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("hello p\n");
        ObjectNode pod = node.awaitPod("p", p -> restarts(p) == 1);
        assertThat(pod.at("/status/containerStatuses/0/lastState/terminated/exitCode").asInt())
                .isEqualTo(7);
        assertThat(log(true)).isEqualTo("hello p\n");
    }

    @Test
    void containersSeeServicesAndTheTokenOfTheirAccount() throws Exception {
        node.create(
                """
                {apiVersion: v1, kind: Service, metadata: {name: my-db, namespace: default},
                 spec: {clusterIP: 10.96.7.7, clusterIPs: [10.96.7.7], ports: [{name: sql, port: 5432, protocol: TCP}]}}
                """);
        node.create(
                """
                {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, spec: {
                  nodeName: lab-node, serviceAccountName: default,
                  volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}],
                  containers: [{name: c, image: busybox, command: [sleep, infinity],
                    volumeMounts: [{name: t, mountPath: /t}]}]}}
                """);
        node.awaitReady("p");

        assertThat(exec("cat /t/token")).isEqualTo("token-of-default");
        assertThat(exec("env").lines())
                .contains(
                        "MY_DB_SERVICE_HOST=10.96.7.7",
                        "MY_DB_SERVICE_PORT=5432",
                        "MY_DB_SERVICE_PORT_SQL=5432",
                        "MY_DB_PORT=tcp://10.96.7.7:5432",
                        "MY_DB_PORT_5432_TCP_ADDR=10.96.7.7");
    }

    private void pod(String container) {
        create(container);
        node.awaitReady("p");
    }

    private void create(String container) {
        node.create(
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, spec: {nodeName: lab-node, containers: ["
                        + container
                        + "]}}");
    }

    private static int restarts(ObjectNode pod) {
        return Fields.number(pod.at("/status/containerStatuses/0"), "restartCount");
    }

    private static boolean ready(ObjectNode pod) {
        return pod.at("/status/containerStatuses/0/ready").asBoolean();
    }

    private String exec(String script) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ContainerProcess process =
                node.kubelet
                        .streams()
                        .exec(
                                POD,
                                null,
                                List.of("sh", "-c", script),
                                new Stdio(null, out, out, false))) {
            process.await();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private @Nullable String log(boolean previous) throws Exception {
        try (InputStream log =
                node.kubelet
                        .streams()
                        .logs(
                                POD,
                                new PodStreams.LogOptions(
                                        null, false, previous, false, null, null, null, null))) {
            return new String(log.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
