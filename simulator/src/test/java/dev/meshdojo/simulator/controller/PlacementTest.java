package dev.meshdojo.simulator.controller;

import static dev.meshdojo.simulator.controller.TestCluster.key;
import static dev.meshdojo.simulator.controller.TestCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Pods;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where pods may run, and what makes them leave. */
class PlacementTest {

    private static final ResourceKey NODE = new ResourceKey("", "nodes", "", "lab-node");

    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = TestCluster.start();
        node(
                node ->
                        Fields.child(node, "status", "allocatable")
                                .put("cpu", "4")
                                .put("memory", "8Gi")
                                .put("pods", "10"));
        for (String name : new String[] {"high", "low"}) {
            cluster.create(
                    """
                    apiVersion: scheduling.k8s.io/v1
                    kind: PriorityClass
                    metadata: {name: %s}
                    value: %d
                    """
                            .formatted(name, name.equals("high") ? 100 : 1));
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void node(Consumer<ObjectNode> change) {
        ObjectNode stored =
                cluster.api()
                        .editStatus(
                                NODE,
                                live -> {
                                    if (live != null) {
                                        change.accept(live);
                                    }
                                    return live;
                                });
        assertThat(stored).isNotNull();
    }

    private void pod(String name, String spec) {
        cluster.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {app: %s}}
                spec:
                  terminationGracePeriodSeconds: 0
                  %s
                """
                        .formatted(name, name, spec));
    }

    private static String needs(String cpu, String priorityClass) {
        return """
               priorityClassName: %s
                 containers: [{name: a, image: x, resources: {requests: {cpu: %s}}}]
               """
                .formatted(priorityClass, cpu);
    }

    private ObjectNode awaitPlace(String name) {
        return cluster.await(key("", "pods", name), Pods::scheduled);
    }

    private String awaitRefusal(String name) {
        ObjectNode pod =
                cluster.await(
                        key("", "pods", name),
                        each ->
                                text(Conditions.find(each, "PodScheduled"), "status")
                                        .equals("False"));
        return text(Conditions.find(pod, "PodScheduled"), "message");
    }

    @Test
    void aPodOfHigherPriorityTakesThePlaceOfALower() {
        pod("small", needs("1", "low"));
        pod("big", needs("3", "low"));
        awaitPlace("small");
        awaitPlace("big");
        pod("vip", needs("3", "high"));

        awaitPlace("vip");
        cluster.awaitGone(key("", "pods", "big"));
        assertThat(cluster.api().find(key("", "pods", "small"))).isNotNull();
    }

    @Test
    void nobodyGivesWayToOneThatCannotFit() {
        pod("low", needs("3", "low"));
        awaitPlace("low");
        pod("vip", needs("40", "high"));

        assertThat(awaitRefusal("vip"))
                .isEqualTo(
                        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate,"
                                + " preemption: 0/1 nodes are available: 1 Preemption is not helpful"
                                + " for scheduling.");
    }

    @Test
    void podsSpreadOverTheZonesThatThereAre() {
        pod(
                "lost",
                "topologySpreadConstraints: [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable:"
                        + " DoNotSchedule, labelSelector: {matchLabels: {app: lost}}}]\n"
                        + "  containers: [{name: a, image: x}]");

        assertThat(awaitRefusal("lost"))
                .contains(
                        "node(s) didn't match pod topology spread constraints (missing required"
                                + " label)");
    }

    @Test
    void aTaintDrivesOutWhoDoesNotTolerateIt() {
        pod("go", "containers: [{name: a, image: x}]");
        pod(
                "stay",
                "tolerations: [{key: gone, operator: Exists}]\n  containers: [{name: a, image: x}]");
        awaitPlace("go");
        awaitPlace("stay");
        cluster.edit(
                NODE,
                node ->
                        Fields.list(Fields.child(node, "spec"), "taints")
                                .addObject()
                                .put("key", "gone")
                                .put("effect", "NoExecute"));

        cluster.awaitGone(key("", "pods", "go"));
        assertThat(cluster.api().find(key("", "pods", "stay"))).isNotNull();
        assertThat(cluster.events("Pod", "go"))
                .contains(
                        "Normal TaintManagerEviction taint-eviction-controller Marking for deletion"
                                + " Pod default/go");
    }
}
