package dev.meshdojo.simulator.controller;

import static dev.meshdojo.simulator.controller.TestCluster.key;
import static dev.meshdojo.simulator.controller.TestCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeploymentTest {

    private static final ResourceKey WEB = key("apps", "deployments", "web");
    private static final String MANIFEST =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web, version: v1}}
                spec:
                  restartPolicy: Always
                  containers:
                  - {name: web, image: "nginx:1.27"}
            """;

    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = TestCluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static boolean rolledOut(ObjectNode deployment, int replicas) {
        return Fields.number(deployment, "status", "updatedReplicas") == replicas
                && Fields.number(deployment, "status", "replicas") == replicas
                && Fields.number(deployment, "status", "availableReplicas") == replicas
                && Fields.at(deployment, "status", "observedGeneration").asLong()
                        == Meta.generation(deployment)
                && Fields.text(Conditions.find(deployment, "Progressing"), "reason")
                        .equals("NewReplicaSetAvailable");
    }

    private void setImage(String image) {
        cluster.edit(
                WEB,
                copy ->
                        ((ObjectNode)
                                        copy.path("spec")
                                                .path("template")
                                                .path("spec")
                                                .path("containers")
                                                .get(0))
                                .put("image", image));
    }

    private void scale(int replicas) {
        cluster.edit(WEB, copy -> Fields.child(copy, "spec").put("replicas", replicas));
    }

    private List<ObjectNode> sets() {
        return cluster.list("apps", "replicasets", "app=web").stream()
                .sorted(
                        Comparator.comparing(
                                set -> Meta.annotation(set, "deployment.kubernetes.io/revision")))
                .toList();
    }

    @Test
    void statusAndReplicaSetAreWhatARealClusterShows() {
        cluster.create(MANIFEST);
        ObjectNode deployment = cluster.await(WEB, d -> rolledOut(d, 2));
        assertThat(Meta.annotation(deployment, "deployment.kubernetes.io/revision")).isEqualTo("1");
        assertThat(Meta.generation(deployment)).isEqualTo(1);
        ObjectNode status = (ObjectNode) deployment.get("status").deepCopy();
        status.remove("conditions");
        assertThat(status.properties().stream().map(Object::toString))
                .containsExactlyInAnyOrder(
                        "availableReplicas=2",
                        "observedGeneration=1",
                        "readyReplicas=2",
                        "replicas=2",
                        "terminatingReplicas=0",
                        "updatedReplicas=2");
        ObjectNode set = sets().getFirst();
        String hash = Meta.labels(set).get("pod-template-hash");
        assertThat(Meta.name(set)).isEqualTo("web-" + hash);
        assertThat(hash).matches("[bcdfghjklmnpqrstvwxz2456789]{5,10}");
        assertThat(text(Conditions.find(deployment, "Available"), "message"))
                .isEqualTo("Deployment has minimum availability.");
        assertThat(text(Conditions.find(deployment, "Progressing"), "message"))
                .isEqualTo("ReplicaSet \"web-%s\" has successfully progressed.".formatted(hash));
        assertThat(Fields.strings(set, "metadata", "annotations"))
                .containsEntry("deployment.kubernetes.io/desired-replicas", "2")
                .containsEntry("deployment.kubernetes.io/max-replicas", "3")
                .containsEntry("deployment.kubernetes.io/revision", "1");
        assertThat(cluster.list("", "pods", "pod-template-hash=" + hash)).hasSize(2);
    }

    @Test
    void scalingIsToldInEvents() {
        cluster.create(MANIFEST);
        cluster.await(WEB, d -> rolledOut(d, 2));
        scale(3);
        cluster.await(WEB, d -> rolledOut(d, 3));
        scale(1);
        cluster.await(WEB, d -> rolledOut(d, 1));
        String set = Meta.name(sets().getFirst());
        assertThat(cluster.events("Deployment", "web"))
                .containsExactly(
                        "Normal ScalingReplicaSet deployment-controller Scaled up replica set "
                                + set
                                + " from 0 to 2",
                        "Normal ScalingReplicaSet deployment-controller Scaled up replica set "
                                + set
                                + " from 2 to 3",
                        "Normal ScalingReplicaSet deployment-controller Scaled down replica set "
                                + set
                                + " from 3 to 1");
        assertThat(cluster.events("ReplicaSet", set))
                .filteredOn(event -> event.contains("SuccessfulCreate"))
                .hasSize(3)
                .allMatch(
                        e ->
                                e.matches(
                                        "Normal SuccessfulCreate replicaset-controller Created pod: "
                                                + set
                                                + "-\\w{5}"));
        assertThat(cluster.events("ReplicaSet", set))
                .filteredOn(event -> event.contains("SuccessfulDelete"))
                .hasSize(2);
    }

    @Test
    void aRolloutReplacesAllPodsAndUndoBringsTheOldSetBack() {
        cluster.create(MANIFEST);
        cluster.await(WEB, d -> rolledOut(d, 2));
        setImage("nginx:1.28");
        cluster.await(
                WEB, d -> rolledOut(d, 2) && Fields.number(d, "status", "observedGeneration") == 2);
        assertThat(sets()).hasSize(2);
        await().untilAsserted(
                        () ->
                                assertThat(cluster.list("", "pods", "app=web"))
                                        .allMatch(
                                                p ->
                                                        text(
                                                                        p.path("spec")
                                                                                .path("containers")
                                                                                .path(0),
                                                                        "image")
                                                                .equals("nginx:1.28"))
                                        .hasSize(2));
        setImage("nginx:1.27");
        ObjectNode back = cluster.await(WEB, d -> rolledOut(d, 2) && Meta.generation(d) == 3);
        assertThat(Meta.annotation(back, "deployment.kubernetes.io/revision")).isEqualTo("3");
        assertThat(sets()).hasSize(2);
        assertThat(Meta.annotation(sets().getLast(), "deployment.kubernetes.io/revision-history"))
                .isEqualTo("1");
    }

    @Test
    void aRolloutThatCannotStartKeepsTheOldPods() {
        cluster.create(MANIFEST);
        cluster.await(WEB, d -> rolledOut(d, 2));
        setImage("missing/image:1");
        ObjectNode stuck =
                cluster.await(
                        WEB,
                        d ->
                                Fields.number(d, "status", "updatedReplicas") == 1
                                        && Fields.number(d, "status", "replicas") == 3);
        assertThat(Fields.number(stuck, "status", "availableReplicas")).isEqualTo(2);
        assertThat(Fields.number(stuck, "status", "unavailableReplicas")).isEqualTo(1);
        setImage("nginx:1.27");
        cluster.await(WEB, d -> rolledOut(d, 2) && Meta.generation(d) == 3);
    }

    @Test
    void pausingStopsRolloutsAndResumingGoesOn() {
        cluster.create(MANIFEST);
        cluster.await(WEB, d -> rolledOut(d, 2));
        cluster.edit(WEB, copy -> Fields.child(copy, "spec").put("paused", true));
        cluster.await(
                WEB,
                d -> text(Conditions.find(d, "Progressing"), "reason").equals("DeploymentPaused"));
        setImage("nginx:1.28");
        cluster.await(
                WEB,
                d -> Fields.at(d, "status", "observedGeneration").asLong() == Meta.generation(d));
        assertThat(sets()).hasSize(1);
        cluster.edit(WEB, copy -> Fields.child(copy, "spec").remove("paused"));
        cluster.await(WEB, d -> rolledOut(d, 2));
        assertThat(sets()).hasSize(2);
    }

    @Test
    void recreateEndsOldPodsFirst() {
        ObjectNode manifest = TestCluster.parse(MANIFEST);
        Fields.child(manifest, "spec").putObject("strategy").put("type", "Recreate");
        cluster.api().create(manifest);
        cluster.await(WEB, d -> rolledOut(d, 2));
        setImage("nginx:1.28");
        cluster.await(
                WEB, d -> rolledOut(d, 2) && Fields.number(d, "status", "observedGeneration") == 2);
        await().untilAsserted(
                        () ->
                                assertThat(cluster.events("Deployment", "web"))
                                        .extracting(
                                                event -> event.replaceAll(" replica set \\S+", ""))
                                        .containsExactly(
                                                "Normal ScalingReplicaSet deployment-controller Scaled up from 0 to 2",
                                                "Normal ScalingReplicaSet deployment-controller Scaled down from 2 to 0",
                                                "Normal ScalingReplicaSet deployment-controller Scaled up from 0 to 2"));
    }

    @Test
    void aDeletedPodIsReplaced() {
        cluster.create(MANIFEST);
        cluster.await(WEB, d -> rolledOut(d, 2));
        String victim = Meta.name(cluster.list("", "pods", "app=web").getFirst());
        cluster.api().delete(key("", "pods", victim));
        cluster.awaitGone(key("", "pods", victim));
        org.awaitility.Awaitility.await()
                .until(() -> cluster.list("", "pods", "app=web").size() == 2);
    }
}
