package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Job and its pods at one moment, and what follows from them. */
record JobState(ObjectNode job, List<ObjectNode> pods) {

    static final String FINALIZER = "batch.kubernetes.io/job-tracking";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    static final String INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
    static final String INDEX_IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";
    private static final String CONTROLLER = "kubernetes.io/job-controller";

    static boolean finished(JsonNode job) {
        return Conditions.holds(job, "Complete") || Conditions.holds(job, "Failed");
    }

    /** Whether another controller than this one looks after the job. */
    static boolean managedElsewhere(JsonNode job) {
        String manager = Fields.text(job, "spec", "managedBy");
        return !manager.isEmpty() && !manager.equals(CONTROLLER);
    }

    static boolean tracked(ObjectNode pod) {
        return Fields.texts(pod, "metadata", "finalizers").contains(FINALIZER);
    }

    static int index(ObjectNode pod) {
        return Fields.at(pod, "metadata", "annotations", INDEX).asInt(-1);
    }

    boolean indexed() {
        return Fields.text(job, "spec", "completionMode").equals("Indexed");
    }

    boolean suspended() {
        return Fields.flag(job, "spec", "suspend");
    }

    int parallelism() {
        return Fields.number(1, job, "spec", "parallelism");
    }

    /** How many successes are wanted; -1 when one success ends the job. */
    int completions() {
        return Fields.has(job, "spec", "completions")
                ? Fields.number(job, "spec", "completions")
                : -1;
    }

    boolean limitPerIndex() {
        return Fields.has(job, "spec", "backoffLimitPerIndex");
    }

    /** Whether a pod that is being deleted is replaced once it has failed only. */
    boolean replacesFailedOnly() {
        return Fields.text(job, "spec", "podReplacementPolicy").equals("Failed");
    }

    List<ObjectNode> active() {
        return pods.stream().filter(Pods::active).toList();
    }

    int terminating() {
        return (int) pods.stream().filter(Pods::terminating).count();
    }

    boolean failed(ObjectNode pod) {
        String phase = Pods.phase(pod);
        return phase.equals("Failed")
                || (!replacesFailedOnly() && Meta.deleting(pod) && !phase.equals("Succeeded"));
    }

    /** Whether a pod's index is one of the job's; true for all pods of jobs without indexes. */
    boolean validIndex(ObjectNode pod) {
        return !indexed() || (index(pod) >= 0 && index(pod) < completions());
    }

    private Set<String> uncounted(String field) {
        return Set.copyOf(Fields.texts(job, "status", "uncountedTerminatedPods", field));
    }

    /** Pods that succeeded and are not in the status yet. */
    List<ObjectNode> newlySucceeded() {
        Set<String> known = uncounted("succeeded");
        return pods.stream()
                .filter(pod -> tracked(pod) && validIndex(pod) && !known.contains(Meta.uid(pod)))
                .filter(pod -> Pods.phase(pod).equals("Succeeded"))
                .toList();
    }

    /** Pods that failed and are not in the status yet. */
    List<ObjectNode> newlyFailed() {
        Set<String> known = uncounted("failed");
        return pods.stream()
                .filter(pod -> tracked(pod) && validIndex(pod) && !known.contains(Meta.uid(pod)))
                .filter(this::failed)
                .toList();
    }

    int succeeded() {
        return indexed()
                ? succeededIndexes().size()
                : Fields.number(job, "status", "succeeded")
                        + uncounted("succeeded").size()
                        + newlySucceeded().size();
    }

    int failures() {
        int counted =
                (int)
                        newlyFailed().stream()
                                .filter(pod -> PodFailurePolicy.match(job, pod).counts())
                                .count();
        return Fields.number(job, "status", "failed") + uncounted("failed").size() + counted;
    }

    Set<Integer> succeededBefore() {
        return CompletionIndexes.parse(
                Fields.text(job, "status", "completedIndexes"), completions());
    }

    Set<Integer> succeededIndexes() {
        Set<Integer> done = succeededBefore();
        pods.stream()
                .filter(pod -> tracked(pod) && validIndex(pod))
                .filter(pod -> Pods.phase(pod).equals("Succeeded"))
                .forEach(pod -> done.add(index(pod)));
        return done;
    }

    /** Indexes that failed for good; empty for jobs without a limit for each index. */
    Set<Integer> failedIndexes() {
        Set<Integer> lost = new TreeSet<>();
        if (!indexed() || !limitPerIndex()) {
            return lost;
        }
        lost.addAll(
                CompletionIndexes.parse(
                        Fields.text(job, "status", "failedIndexes"), completions()));
        int limit = Fields.number(job, "spec", "backoffLimitPerIndex");
        for (ObjectNode pod : pods) {
            if (!tracked(pod) || !validIndex(pod) || !failed(pod)) {
                continue;
            }
            PodFailurePolicy.Match match = PodFailurePolicy.match(job, pod);
            boolean exhausted = match.counts() && failuresOf(pod, INDEX_FAILURES) >= limit;
            if (exhausted || match.action() == PodFailurePolicy.Action.FAIL_INDEX) {
                lost.add(index(pod));
            }
        }
        return lost;
    }

    static int failuresOf(ObjectNode pod, String annotation) {
        return Fields.at(pod, "metadata", "annotations", annotation).asInt(0);
    }

    /** All failures of a pod's index, ignored ones too, before this pod. */
    static int allFailuresOf(ObjectNode pod) {
        return failuresOf(pod, INDEX_FAILURES) + failuresOf(pod, INDEX_IGNORED);
    }

    static Set<Integer> indexesOf(List<ObjectNode> pods) {
        return pods.stream()
                .map(JobState::index)
                .filter(index -> index >= 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Failed pods that stay until their index has a new pod, which takes over their counts. */
    Map<Integer, ObjectNode> awaitingReplacement() {
        Map<Integer, ObjectNode> waiting = new HashMap<>();
        if (!indexed() || !limitPerIndex()) {
            return waiting;
        }
        Set<Integer> settled = succeededIndexes();
        settled.addAll(failedIndexes());
        settled.addAll(indexesOf(active()));
        for (ObjectNode pod : pods) {
            if (tracked(pod) && validIndex(pod) && failed(pod) && !settled.contains(index(pod))) {
                waiting.merge(index(pod), pod, JobState::later);
            }
        }
        return waiting;
    }

    private static ObjectNode later(ObjectNode a, ObjectNode b) {
        boolean second =
                allFailuresOf(a) <= allFailuresOf(b)
                        && !JobBackoff.ended(b).isBefore(JobBackoff.ended(a));
        return second ? b : a;
    }

    /** How many pods should run now, before back-off. */
    int wanted() {
        int wanted = completions();
        if (wanted < 0) {
            return succeeded() > 0 ? active().size() : parallelism();
        }
        return Math.max(0, Math.min(wanted - succeeded(), parallelism()));
    }

    /** Whether containers that restart in place have done so too often. */
    boolean restartedTooOften() {
        if (!Fields.text(job, "spec", "template", "spec", "restartPolicy").equals("OnFailure")) {
            return false;
        }
        int restarts = 0;
        for (ObjectNode pod : pods) {
            if (Pods.finished(pod)) {
                continue;
            }
            for (String field : new String[] {"initContainerStatuses", "containerStatuses"}) {
                for (JsonNode status : Fields.at(pod, "status", field)) {
                    restarts += Fields.number(status, "restartCount");
                }
            }
        }
        int limit = backoffLimit();
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    int backoffLimit() {
        return Fields.number(6, job, "spec", "backoffLimit");
    }

    /** When a job that started at {@code start} has run too long; null without a limit. */
    @Nullable Instant deadline(String start) {
        if (!Fields.has(job, "spec", "activeDeadlineSeconds") || start.isEmpty() || suspended()) {
            return null;
        }
        return Meta.instant(start).plusSeconds(Fields.number(job, "spec", "activeDeadlineSeconds"));
    }
}
