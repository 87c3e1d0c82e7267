package dev.meshdojo.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class KubeletTest {

    private final NodeUnderTest node = new NodeUnderTest(KubeletOptions.defaults());

    @AfterEach
    void close() {
        node.close();
    }

    private void createPod(String name, String image, String rest) {
        node.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default, labels: {app: %s}}
                spec:
                  nodeName: lab-node
                %s
                  containers:
                  - name: app
                    image: "%s"
                """
                                .formatted(
                                        name,
                                        name,
                                        rest.lines()
                                                .filter(
                                                        l ->
                                                                l.startsWith("  ")
                                                                        && !l.startsWith("    "))
                                                .collect(java.util.stream.Collectors.joining("\n")),
                                        image)
                        + rest.lines()
                                .filter(l -> l.startsWith("    "))
                                .collect(java.util.stream.Collectors.joining("\n")));
    }

    @Test
    void aPodBecomesReadyAndAnswersOnItsAddress() throws IOException {
        createPod("echo", "meshdojo/echo:1", "");

        ObjectNode pod = node.awaitReady("echo");

        String ip = Fields.text(pod, "status", "podIP");
        assertThat(ip).startsWith("10.244.0.");
        assertThat(Fields.text(pod, "status", "phase")).isEqualTo("Running");
        assertThat(Fields.at(pod, "status", "containerStatuses").get(0).path("ready").asBoolean())
                .isTrue();
        try (Socket socket = node.network.connect(null, ip, 8080)) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .contains("\"service\":\"default/echo\"");
        }
        assertThat(node.events())
                .containsExactly(
                        "Pulled: Container image \"meshdojo/echo:1\" already present on machine and"
                                + " can be accessed by the pod",
                        "Created: Container created",
                        "Started: Container started");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "done   | exit 0                                  | Succeeded | Completed",
                "failed | exit 3                                  | Failed    | Error",
                "echo   | 'for i in 1 2; do echo $i; done; false' | Failed    | Error",
            })
    void commandsEndPods(String name, String script, String phase, String reason) {
        createPod(
                name,
                "busybox:1.36",
                "  restartPolicy: Never\n    command: [sh, -c, \"" + script + "\"]");

        ObjectNode pod = node.awaitPhase(name, phase);

        assertThat(
                        Fields.text(
                                Fields.at(pod, "status", "containerStatuses").get(0),
                                "state",
                                "terminated",
                                "reason"))
                .isEqualTo(reason);
    }

    @Test
    void anImageNobodyHasIsNotPulled() {
        createPod("bad", "missing.example.com/app:1", "");

        ObjectNode pod =
                node.awaitPod(
                        "bad",
                        p ->
                                Fields.text(
                                                Fields.at(p, "status", "containerStatuses").path(0),
                                                "state",
                                                "waiting",
                                                "reason")
                                        .equals("ErrImagePull"));

        assertThat(Fields.text(pod, "status", "phase")).isEqualTo("Pending");
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(node.events()).contains("Failed: Error: ErrImagePull"));
    }

    @Test
    void aContainerThatKeepsFailingWaitsBeforeItIsTriedAgain() {
        createPod("crash", "busybox:1.36", "    command: [sh, -c, \"exit 1\"]");

        ObjectNode pod =
                node.awaitPod(
                        "crash",
                        p ->
                                Fields.text(
                                                Fields.at(p, "status", "containerStatuses").path(0),
                                                "state",
                                                "waiting",
                                                "reason")
                                        .equals("CrashLoopBackOff"));

        ObjectNode status = (ObjectNode) Fields.at(pod, "status", "containerStatuses").get(0);
        assertThat(Fields.number(status, "restartCount")).isEqualTo(1);
        assertThat(Fields.number(status, "lastState", "terminated", "exitCode")).isEqualTo(1);
        assertThat(Fields.text(status, "state", "waiting", "message"))
                .startsWith("back-off 10s restarting failed container=app pod=crash_default(");
        assertThat(Fields.text(pod, "status", "phase")).isEqualTo("Running");
    }

    @Test
    void aReadinessProbeThatFailsKeepsThePodOutOfService() {
        createPod(
                "unready",
                "meshdojo/echo:1",
                "    readinessProbe: {httpGet: {path: /status/500, port: 8080}}");

        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(node.events())
                                        .contains(
                                                "Unhealthy: Readiness probe failed: HTTP probe"
                                                        + " failed with statuscode: 500"));
        ObjectNode pod = node.awaitPhase("unready", "Running");
        assertThat(
                        Fields.text(
                                dev.meshdojo.simulator.controller.object.Conditions.find(
                                        pod, "Ready"),
                                "message"))
                .isEqualTo("containers with unready status: [app]");
    }

    @Test
    void aLivenessProbeThatFailsRestartsTheContainer() {
        createPod(
                "dying",
                "meshdojo/echo:1",
                "    livenessProbe: {exec: {command: [cat, /nowhere]}, periodSeconds: 1,"
                        + " failureThreshold: 1}");

        node.awaitPod(
                "dying",
                p ->
                        Fields.number(
                                        Fields.at(p, "status", "containerStatuses").path(0),
                                        "restartCount")
                                > 0);

        assertThat(node.events())
                .contains("Killing: Container app failed liveness probe, will be restarted");
    }

    @Test
    void initContainersRunFirstAndConfigMapsAreMounted() {
        node.create(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings, namespace: default}
                data: {greeting: hello}
                """);
        createPod(
                "ordered",
                "busybox:1.36",
                """
                  restartPolicy: Never
                  initContainers: [{name: first, image: busybox, command: [sh, -c, "cat /in/greeting > /shared/out"], volumeMounts: [{name: in, mountPath: /in}, {name: work, mountPath: /shared}]}]
                  volumes: [{name: in, configMap: {name: settings}}, {name: work, emptyDir: {}}]
                    env: [{name: WANTED, valueFrom: {configMapKeyRef: {name: settings, key: greeting}}}]
                    command: [sh, -c, '[ "$(cat /shared/out)" = "$WANTED" ]']
                    volumeMounts: [{name: work, mountPath: /shared}]
                """);

        node.awaitPhase("ordered", "Succeeded");
    }

    @Test
    void anUnknownSidecarLeavesThePortsToTheOthers() {
        node.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: pair, namespace: default}
                spec:
                  nodeName: lab-node
                  containers:
                  - {name: side, image: "example/agent:1"}
                  - {name: web, image: "nginx:1.27"}
                """);

        ObjectNode pod = node.awaitReady("pair");

        for (JsonNode container : Fields.at(pod, "status", "containerStatuses")) {
            assertThat(container.path("restartCount").asInt()).isZero();
        }
    }

    @Test
    void aDeletedPodEndsAndGivesItsAddressBack() {
        createPod("gone", "meshdojo/echo:1", "");
        String ip = Fields.text(node.awaitReady("gone"), "status", "podIP");
        ResourceKey key = new ResourceKey("", "pods", "default", "gone");

        node.api.delete(key);

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> node.api.find(key) == null);
        Awaitility.await().until(() -> node.network.resolve("default", ip, 8080) == null);
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(node.events())
                                        .contains("Killing: Stopping container app"));
    }
}
