package dev.meshdojo.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod's status and events say when things do not go the ordinary way. */
@Timeout(120)
class PodOutcomesTest {

    private final NodeUnderTest node = new NodeUnderTest(KubeletOptions.defaults());

    @AfterEach
    void close() {
        node.close();
    }

    private void pod(String spec, String container) {
        node.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: default, labels: {app: shop}}
                spec: {nodeName: lab-node, %s containers: [{name: c, %s}]}
                """
                        .formatted(spec, container));
    }

    private static JsonNode terminated(ObjectNode pod) {
        return pod.at("/status/containerStatuses/0/state/terminated");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo done > /dev/termination-log | File | done",
                "echo why; exit 3 | FallbackToLogsOnError | why",
                "echo why; exit 3 | File | ''",
                "echo why | FallbackToLogsOnError | ''",
            })
    void aTerminationMessageIsAFileOrTheEndOfTheLog(String script, String policy, String message) {
        pod(
                "restartPolicy: Never,",
                "image: busybox, command: [sh, -c, \"%s\"], terminationMessagePolicy: %s"
                        .formatted(script, policy));

        ObjectNode ended = node.awaitPod("p", pod -> terminated(pod).isObject());
        assertThat(terminated(ended).path("message").asText().strip()).isEqualTo(message);
    }

    @Test
    void aPodThatRunsForTooLongFails() {
        pod("activeDeadlineSeconds: 1,", "image: busybox, command: [sleep, infinity]");

        ObjectNode failed = node.awaitPhase("p", "Failed");
        assertThat(Fields.text(failed, "status", "reason")).isEqualTo("DeadlineExceeded");
        assertThat(Fields.text(failed, "status", "message"))
                .isEqualTo("Pod was active on the node longer than the specified deadline");
        assertThat(node.events())
                .contains(
                        "DeadlineExceeded: Pod was active on the node longer than the specified"
                                + " deadline",
                        "Killing: Stopping container c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing:1 | Never | ErrImageNeverPull | Container image \"missing:1\" is not present"
                        + " with pull policy of Never",
                "Web:1 | IfNotPresent | InvalidImageName | Failed to apply default image tag"
                        + " \"Web:1\": couldn't parse image name \"Web:1\": invalid reference format:"
                        + " repository name (library/Web) must be lowercase",
            },
            quoteCharacter = '~')
    void anImageThatCannotBeUsedSaysWhy(
            String image, String policy, String reason, String message) {
        pod("", "image: \"%s\", imagePullPolicy: %s".formatted(image, policy));

        ObjectNode waiting =
                node.awaitPod(
                        "p",
                        pod ->
                                pod.at("/status/containerStatuses/0/state/waiting/reason")
                                        .asText()
                                        .equals(reason));
        assertThat(waiting.at("/status/containerStatuses/0/state/waiting/message").asText())
                .isEqualTo(message);
        assertThat(node.events()).contains("Failed: Error: " + reason);
    }

    @Test
    void keysThatAVolumeNamesMustExist() {
        node.create(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: default}, data:"
                        + " {a: b}}");
        pod(
                "volumes: [{name: v, configMap: {name: c, items: [{key: z, path: z}]}}],",
                "image: busybox, command: [sleep, infinity]");

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(node.events())
                                        .contains(
                                                "FailedMount: MountVolume.SetUp failed for volume"
                                                        + " \"v\" : configmap references non-existent"
                                                        + " config key: z"));
    }

    @Test
    void resourcesAndLabelsAreKnownInsideInTheUnitsAskedFor() {
        pod(
                "restartPolicy: Never, volumes: [{name: v, downwardAPI: {items: [{path: app, fieldRef:"
                        + " {fieldPath: \"metadata.labels['app']\"}}, {path: mem, resourceFieldRef:"
                        + " {containerName: c, resource: limits.memory, divisor: 1Mi}}]}}],",
                """
                image: busybox,
                command: [sh, -c, "echo $CPU $MEM $NODE $(cat /v/app) $(cat /v/mem) > /dev/termination-log"],
                resources: {limits: {memory: 100Mi}, requests: {cpu: 250m}},
                volumeMounts: [{name: v, mountPath: /v}],
                env: [{name: CPU, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}},
                  {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Ki}}},
                  {name: NODE, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]
                """);

        ObjectNode ended = node.awaitPod("p", pod -> terminated(pod).isObject());
        assertThat(terminated(ended).path("message").asText().strip())
                .isEqualTo("250 102400 8 shop 100");
    }
}
