package dev.meshdojo.simulator.controller;

import static dev.meshdojo.simulator.controller.TestCluster.key;
import static dev.meshdojo.simulator.controller.TestCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = TestCluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String job(String name, String spec, String command) {
        return """
               apiVersion: batch/v1
               kind: Job
               metadata: {name: %s}
               spec:
                 %s
                 template:
                   spec:
                     restartPolicy: Never
                     containers: [{name: main, image: "busybox:1.36", command: %s}]
               """
                .formatted(name, spec, command);
    }

    @Test
    void aJobRunsToCompletion() {
        cluster.create(job("once", "completions: 1", "[\"true\"]"));
        ObjectNode done =
                cluster.await(
                        key("batch", "jobs", "once"), job -> Conditions.holds(job, "Complete"));
        assertThat(Fields.number(done, "status", "succeeded")).isEqualTo(1);
        assertThat(done.path("status").has("active")).isFalse();
        assertThat(text(done, "status", "completionTime")).isNotEmpty();
        assertThat(text(Conditions.find(done, "SuccessCriteriaMet"), "reason"))
                .isEqualTo("CompletionsReached");
        assertThat(
                        text(
                                done,
                                "spec",
                                "selector",
                                "matchLabels",
                                "batch.kubernetes.io/controller-uid"))
                .isEqualTo(Meta.uid(done));
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(cluster.list("", "pods", "job-name=once"))
                                        .hasSize(1)
                                        .allMatch(p -> p.at("/metadata/finalizers").isEmpty()));
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(cluster.events("Job", "once"))
                                        .extracting(event -> event.replaceAll("once-\\w{5}", "POD"))
                                        .containsExactly(
                                                "Normal SuccessfulCreate job-controller Created pod:"
                                                        + " POD",
                                                "Normal Completed job-controller Job completed"));
    }

    @Test
    void aJobThatFailsStopsAtItsLimit() {
        cluster.create(job("bad", "backoffLimit: 0", "[sh, -c, exit 1]"));
        ObjectNode failed =
                cluster.await(key("batch", "jobs", "bad"), job -> Conditions.holds(job, "Failed"));
        assertThat(text(Conditions.find(failed, "Failed"), "message"))
                .isEqualTo("Job has reached the specified backoff limit");
        assertThat(Fields.number(failed, "status", "failed")).isEqualTo(1);
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(cluster.events("Job", "bad"))
                                        .last()
                                        .isEqualTo(
                                                "Warning BackoffLimitExceeded job-controller Job has"
                                                        + " reached the specified backoff limit"));
    }

    @Test
    void parallelPodsAreCappedByParallelism() {
        cluster.create(job("long", "parallelism: 2\n  completions: 3", "[sleep, \"60\"]"));
        cluster.await(
                key("batch", "jobs", "long"), job -> Fields.number(job, "status", "ready") == 2);
        assertThat(cluster.list("", "pods", "job-name=long")).hasSize(2);
        cluster.api().delete(key("batch", "jobs", "long"));
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(cluster.list("", "pods", "job-name=long"))
                                        .allMatch(p -> p.at("/metadata/finalizers").isEmpty()));
    }

    @Test
    void aStatefulSetNumbersItsPodsAndClaims() {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  serviceName: db
                  replicas: 2
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec:
                      restartPolicy: Always
                      containers: [{name: db, image: "postgres:17"}]
                """);
        ObjectNode set =
                cluster.await(
                        key("apps", "statefulsets", "db"),
                        s -> Fields.number(s, "status", "availableReplicas") == 2);
        assertThat(Fields.number(set, "status", "currentReplicas")).isEqualTo(2);
        assertThat(text(set, "status", "currentRevision"))
                .isEqualTo(text(set, "status", "updateRevision"));
        ObjectNode pod = cluster.api().get(key("", "pods", "db-1"));
        assertThat(Meta.labels(pod))
                .containsEntry("statefulset.kubernetes.io/pod-name", "db-1")
                .containsEntry("apps.kubernetes.io/pod-index", "1")
                .containsEntry("controller-revision-hash", text(set, "status", "updateRevision"));
        assertThat(cluster.events("StatefulSet", "db"))
                .containsExactly(
                        "Normal SuccessfulCreate statefulset-controller Create Pod db-0 in"
                                + " StatefulSet db successful",
                        "Normal SuccessfulCreate statefulset-controller Create Pod db-1 in"
                                + " StatefulSet db successful");
        cluster.edit(
                key("apps", "statefulsets", "db"),
                copy ->
                        ((ObjectNode) copy.at("/spec/template/spec/containers/0"))
                                .put("image", "postgres:18"));
        cluster.await(
                key("apps", "statefulsets", "db"),
                s ->
                        Fields.number(s, "status", "updatedReplicas") == 2
                                && text(s, "status", "currentRevision")
                                        .equals(text(s, "status", "updateRevision"))
                                && Fields.number(s, "status", "readyReplicas") == 2
                                && Fields.at(s, "status", "observedGeneration").asLong() == 2);
        assertThat(cluster.list("apps", "controllerrevisions", "app=db")).hasSize(2);
    }

    @Test
    void aDaemonSetRunsOnTheNode() {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec:
                      restartPolicy: Always
                      containers: [{name: agent, image: "agent:1"}]
                """);
        ObjectNode set =
                cluster.await(
                        key("apps", "daemonsets", "agent"),
                        s -> Fields.number(s, "status", "numberAvailable") == 1);
        assertThat(Fields.number(set, "status", "desiredNumberScheduled")).isEqualTo(1);
        assertThat(Meta.annotation(set, "deprecated.daemonset.template.generation")).isEqualTo("1");
        String first = Meta.name(cluster.list("", "pods", "app=agent").getFirst());
        cluster.edit(
                key("apps", "daemonsets", "agent"),
                copy ->
                        ((ObjectNode) copy.at("/spec/template/spec/containers/0"))
                                .put("image", "agent:2"));
        cluster.awaitGone(key("", "pods", first));
        cluster.await(
                key("apps", "daemonsets", "agent"),
                s ->
                        Fields.number(s, "status", "updatedNumberScheduled") == 1
                                && Fields.number(s, "status", "numberAvailable") == 1);
    }

    @Test
    void aPodThatFitsNowhereIsToldWhy() {
        cluster.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: no-room}
                spec:
                  nodeSelector: {disk: fast}
                  containers: [{name: app, image: "nginx:1.27"}]
                """);
        String why =
                "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no"
                        + " new claims to deallocate, preemption: 0/1 nodes are available: 1"
                        + " Preemption is not helpful for scheduling.";
        ObjectNode pod =
                cluster.await(
                        key("", "pods", "no-room"),
                        p -> text(Conditions.find(p, "PodScheduled"), "status").equals("False"));
        assertThat(text(Conditions.find(pod, "PodScheduled"), "message")).isEqualTo(why);
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(cluster.events("Pod", "no-room"))
                                        .containsExactly(
                                                "Warning FailedScheduling default-scheduler "
                                                        + why));
    }

    @Test
    void everyNamespaceGetsItsAccountAndTheClustersCa() {
        cluster.create("{apiVersion: v1, kind: Namespace, metadata: {name: team}}");
        Awaitility.await()
                .untilAsserted(
                        () -> {
                            assertThat(
                                            cluster.api()
                                                    .list("", "serviceaccounts", "team", "")
                                                    .items())
                                    .extracting(Meta::name)
                                    .containsExactly("default");
                            assertThat(cluster.api().list("", "configmaps", "team", "").items())
                                    .extracting(Meta::name)
                                    .containsExactly("kube-root-ca.crt");
                        });
    }

    @Test
    void aDisruptionBudgetCountsItsPods() {
        cluster.create(
                "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: a}}, spec:"
                        + " {restartPolicy: Always, containers: [{name: a, image: a}]}}");
        cluster.create(
                "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec:"
                        + " {minAvailable: 1, selector: {matchLabels: {app: a}}}}");
        ObjectNode budget =
                cluster.await(
                        key("policy", "poddisruptionbudgets", "a"),
                        b -> Fields.number(b, "status", "currentHealthy") == 1);
        assertThat(Fields.number(budget, "status", "disruptionsAllowed")).isZero();
        assertThat(text(Conditions.find(budget, "DisruptionAllowed"), "reason"))
                .isEqualTo("InsufficientPods");
    }
}
