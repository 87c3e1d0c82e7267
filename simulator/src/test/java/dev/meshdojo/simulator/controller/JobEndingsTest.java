package dev.meshdojo.simulator.controller;

import static dev.meshdojo.simulator.controller.TestCluster.key;
import static dev.meshdojo.simulator.controller.TestCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How Jobs end by policy and by index; the words are those of a real cluster. */
class JobEndingsTest {

    private TestCluster cluster;

    @BeforeEach
    void start() {
        cluster = TestCluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void job(String spec, String script) {
        cluster.create(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: j}
                spec:
                  %s
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: a, image: "busybox:1", command: [sh, -c, "%s"]}]
                """
                        .formatted(spec.strip().replace("; ", "\n  "), script));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "completions: 2; completionMode: Indexed; backoffLimitPerIndex: 0; parallelism: 2"
                        + " | exit 1 | Failed | FailedIndexes | Job has failed indexes | 2",
                "completions: 3; completionMode: Indexed; backoffLimitPerIndex: 0;"
                        + " maxFailedIndexes: 1 | exit 1 | Failed | MaxFailedIndexesExceeded | Job has"
                        + " exceeded the specified maximal number of failed indexes | 2",
                "backoffLimit: 3; podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator:"
                        + " In, values: [1]}}]} | exit 1 | Failed | PodFailurePolicy | Container a for"
                        + " pod default/POD failed with exit code 1 matching FailJob rule at index 0 |"
                        + " 1",
                "completions: 2; completionMode: Indexed; backoffLimitPerIndex: 3; podFailurePolicy:"
                        + " {rules: [{action: FailIndex, onExitCodes: {operator: NotIn, values: [0]}}]}"
                        + " | exit 1 | Failed | FailedIndexes | Job has failed indexes | 2",
                "completions: 2; completionMode: Indexed; successPolicy: {rules: [{succeededCount: 1}]}"
                        + " | true | Complete | SuccessPolicy | Matched rules at index 0 | 0",
                "completions: 0 | true | Complete | CompletionsReached | Reached expected number of"
                        + " succeeded pods | 0",
            })
    void endsByPolicy(
            String spec, String script, String type, String reason, String message, int failed) {
        job(spec, script);

        ObjectNode done =
                cluster.await(key("batch", "jobs", "j"), job -> Conditions.holds(job, type));
        JsonNode condition = Conditions.find(done, type);
        assertThat(text(condition, "reason")).isEqualTo(reason);
        assertThat(text(condition, "message").replaceAll("j-\\w{5}", "POD")).isEqualTo(message);
        assertThat(Fields.number(done, "status", "failed")).isEqualTo(failed);
        assertThat(done.at("/status/uncountedTerminatedPods").isEmpty()).isTrue();
    }

    @Test
    void aJobOfAnotherControllerIsLeftAlone() {
        cluster.create(
                """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: other}
                spec:
                  managedBy: example.com/other
                  template: {spec: {restartPolicy: Never, containers: [{name: a, image: "x:1"}]}}
                """);
        job("", "true");

        cluster.await(key("batch", "jobs", "j"), job -> Conditions.holds(job, "Complete"));
        assertThat(cluster.list("", "pods", "job-name=other")).isEmpty();
    }
}
