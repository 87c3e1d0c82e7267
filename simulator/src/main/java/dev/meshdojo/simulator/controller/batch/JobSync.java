package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.controller.batch.JobStatus.Ending;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.workload.PodControl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One look at a Job that runs: whether it has ended, how many pods it needs, what is counted.
 * Source: Kubernetes' {@code job/job_controller.go}.
 */
final class JobSync {

    private final JobState state;
    private final ObjectNode job;
    private final JobPods pods;
    private final EventRecorder events;
    private final JobBackoff backoff;
    private final Instant now;
    private final Consumer<Duration> again;
    private final JobStatus status;
    private int active;
    private int ready;
    private int terminating;
    private @Nullable ApiException failure;

    /**
     * @param backoff as it is after the pods that ended by now
     * @param again called with the time after which the job has to be looked at again
     */
    JobSync(
            JobState state,
            JobPods pods,
            EventRecorder events,
            JobBackoff backoff,
            Instant now,
            Consumer<Duration> again) {
        this.state = state;
        this.job = state.job();
        this.pods = pods;
        this.events = events;
        this.backoff = backoff;
        this.now = now;
        this.again = again;
        this.status = new JobStatus(job, now);
        List<ObjectNode> running = state.active();
        this.active = running.size();
        this.ready = (int) running.stream().filter(Pods::ready).count();
        this.terminating = state.terminating();
    }

    /**
     * Does what the job needs.
     *
     * @param store writes a status and returns the job as it is then
     * @throws ApiException when pods could not be made or deleted; the status says what was done
     */
    void run(BiFunction<ObjectNode, ObjectNode, ObjectNode> store) {
        if (!state.suspended()) {
            status.start();
        }
        Ending ending = ending();
        if (ending != null) {
            end();
        } else {
            boolean managed = !Meta.deleting(job);
            if (managed) {
                manage();
            }
            if (complete()) {
                String message = "Reached expected number of succeeded pods";
                ending = new Ending("SuccessCriteriaMet", "CompletionsReached", message);
            } else if (managed && status.suspended(state.suspended())) {
                boolean suspended = state.suspended();
                events.event(
                        job,
                        EventRecorder.NORMAL,
                        suspended ? "Suspended" : "Resumed",
                        suspended ? "Job suspended" : "Job resumed");
            }
        }
        status.counts(active, ready, terminating);
        track(failure == null ? ending : null, store);
        if (failure != null) {
            throw failure;
        }
    }

    /** How the job ends, if it does: what was said before, else failures, else success. */
    private @Nullable Ending ending() {
        Ending earlier = status.earlier();
        if (earlier != null) {
            return earlier;
        }
        for (ObjectNode pod : state.pods()) {
            if (state.failed(pod)) {
                PodFailurePolicy.Match match = PodFailurePolicy.match(job, pod);
                if (match.action() == PodFailurePolicy.Action.FAIL_JOB) {
                    return new Ending("FailureTarget", "PodFailurePolicy", match.message());
                }
            }
        }
        if (state.failures() > state.backoffLimit() || state.restartedTooOften()) {
            return failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        Instant deadline = state.deadline(status.started());
        if (deadline != null && !deadline.isAfter(now)) {
            return failed("DeadlineExceeded", "Job was active longer than specified deadline");
        }
        if (deadline != null) {
            again.accept(Duration.between(now, deadline));
        }
        return state.indexed() ? indexedEnding() : null;
    }

    private static Ending failed(String reason, String message) {
        return new Ending("FailureTarget", reason, message);
    }

    private @Nullable Ending indexedEnding() {
        Set<Integer> lost = state.failedIndexes();
        if (Fields.has(job, "spec", "maxFailedIndexes")
                && lost.size() > Fields.number(job, "spec", "maxFailedIndexes")) {
            return failed(
                    "MaxFailedIndexesExceeded",
                    "Job has exceeded the specified maximal number of failed indexes");
        }
        Set<Integer> done = state.succeededIndexes();
        if (!lost.isEmpty() && lost.size() + done.size() >= state.completions()) {
            return failed("FailedIndexes", "Job has failed indexes");
        }
        String success = CompletionIndexes.success(job, done, state.completions());
        return success == null ? null : new Ending("SuccessCriteriaMet", "SuccessPolicy", success);
    }

    private boolean complete() {
        int wanted = state.completions();
        int succeeded = state.succeeded();
        return active == 0 && (wanted < 0 ? succeeded > 0 : succeeded >= wanted);
    }

    private void end() {
        for (ObjectNode pod : state.active()) {
            remove(pod, victim -> pods.delete(victim, job));
        }
    }

    private void remove(ObjectNode pod, Consumer<ObjectNode> how) {
        try {
            how.accept(pod);
        } catch (ApiException e) {
            if (e.code() != 404) {
                failure = e;
                return;
            }
        }
        active--;
        terminating++;
        ready -= Pods.ready(pod) ? 1 : 0;
    }

    private void manage() {
        List<ObjectNode> running = state.active();
        if (state.suspended()) {
            discard(running);
            return;
        }
        int wanted = state.wanted();
        List<ObjectNode> surplus = surplus(running, Math.max(0, running.size() - wanted));
        if (!surplus.isEmpty()) {
            discard(surplus);
            return;
        }
        int missing = wanted - active - (state.replacesFailedOnly() ? state.terminating() : 0);
        if (missing <= 0) {
            return;
        }
        Duration wait = state.limitPerIndex() ? Duration.ZERO : backoff.left(now);
        if (!wait.isZero()) {
            again.accept(wait);
            return;
        }
        try {
            if (state.indexed()) {
                createIndexed(missing);
            } else {
                for (int i = 0; i < missing; i++) {
                    pods.create(job);
                    active++;
                }
            }
        } catch (ApiException e) {
            failure = e;
        }
    }

    private void discard(List<ObjectNode> victims) {
        for (ObjectNode pod : victims) {
            remove(pod, victim -> pods.discard(victim, job));
        }
    }

    /** Pods that are too many: those without a valid index of their own first. */
    private List<ObjectNode> surplus(List<ObjectNode> running, int least) {
        List<ObjectNode> surplus = new ArrayList<>();
        List<ObjectNode> rest = new ArrayList<>();
        if (state.indexed()) {
            Map<Integer, List<ObjectNode>> byIndex =
                    running.stream().collect(Collectors.groupingBy(JobState::index));
            byIndex.forEach(
                    (index, same) -> {
                        boolean valid = index >= 0 && index < state.completions();
                        int extra = valid ? same.size() - 1 : same.size();
                        surplus.addAll(PodControl.firstToGo(same, extra));
                        same.stream().filter(pod -> !surplus.contains(pod)).forEach(rest::add);
                    });
        } else {
            rest.addAll(running);
        }
        if (surplus.size() < least) {
            surplus.addAll(PodControl.firstToGo(rest, least - surplus.size()));
        }
        return surplus;
    }

    private void createIndexed(int missing) {
        Set<Integer> taken = state.succeededIndexes();
        taken.addAll(JobState.indexesOf(state.active()));
        taken.addAll(state.failedIndexes());
        if (state.replacesFailedOnly()) {
            taken.addAll(
                    JobState.indexesOf(state.pods().stream().filter(Pods::terminating).toList()));
        }
        Map<Integer, ObjectNode> replaced = state.awaitingReplacement();
        List<Integer> pending = new ArrayList<>();
        for (int index = 0; index < state.completions() && pending.size() < missing; index++) {
            if (!taken.contains(index)) {
                pending.add(index);
            }
        }
        Duration shortest = Duration.ZERO;
        boolean any = false;
        for (int index : pending) {
            Duration wait = left(replaced.get(index));
            if (wait.isZero()) {
                pods.create(state, index, replaced.get(index));
                active++;
                any = true;
            } else if (shortest.isZero() || wait.compareTo(shortest) < 0) {
                shortest = wait;
            }
        }
        if (!any && !shortest.isZero()) {
            again.accept(shortest);
        }
    }

    private Duration left(@Nullable ObjectNode failed) {
        return failed == null
                ? Duration.ZERO
                : new JobBackoff(JobState.allFailuresOf(failed) + 1, JobBackoff.ended(failed))
                        .left(now);
    }

    /** Counts pods that ended, takes their finalizers off, and says how the job ended. */
    private void track(
            @Nullable Ending ending, BiFunction<ObjectNode, ObjectNode, ObjectNode> store) {
        Set<String> held =
                state.pods().stream()
                        .filter(JobState::tracked)
                        .map(Meta::uid)
                        .collect(Collectors.toCollection(TreeSet::new));
        status.settle(held);
        List<ObjectNode> release = count(ending);
        if (state.indexed()) {
            status.indexes(
                    state.succeededIndexes(), state.limitPerIndex() ? state.failedIndexes() : null);
        }
        Ending last = ending;
        if (ending != null && ending.type().equals("FailureTarget")) {
            status.add(ending);
            last = ending.as("Failed");
        } else if (ending != null && ending.success()) {
            if (!status.holds("SuccessCriteriaMet")) {
                status.add(ending);
            }
            last = ending.as("Complete");
        }
        ObjectNode stored = store.apply(job, status.json().deepCopy());
        for (ObjectNode pod : release) {
            pods.untrack(pod);
            held.remove(Meta.uid(pod));
        }
        status.settle(held);
        boolean finished = last != null && status.settled() && terminating == 0;
        if (finished && last != null) {
            status.add(last);
            if (last.success()) {
                status.completed();
            }
        }
        ObjectNode _ = store.apply(stored, status.json());
        if (finished && last != null) {
            tell(last);
        }
    }

    private List<ObjectNode> count(@Nullable Ending ending) {
        List<ObjectNode> release = new ArrayList<>();
        Map<Integer, ObjectNode> kept = state.awaitingReplacement();
        List<ObjectNode> order =
                state.pods().stream()
                        .filter(JobState::tracked)
                        .sorted(Comparator.comparingInt(JobState::index))
                        .toList();
        for (ObjectNode pod : order) {
            boolean succeeded = Pods.phase(pod).equals("Succeeded");
            boolean failed = state.failed(pod);
            boolean waits = kept.containsValue(pod) && !Meta.deleting(job) && ending == null;
            boolean over = Meta.deleting(job) || ending != null;
            if (!over && !succeeded && (!failed || waits)) {
                continue;
            }
            release.add(pod);
            boolean known = status.uncounted("failed").contains(Meta.uid(pod));
            if (succeeded && !known) {
                if (!state.indexed() && !status.uncounted("succeeded").contains(Meta.uid(pod))) {
                    status.uncounted("succeeded", pod);
                }
            } else if ((failed || (ending != null && !ending.success()))
                    && !known
                    && state.validIndex(pod)
                    && PodFailurePolicy.match(job, pod).counts()) {
                status.uncounted("failed", pod);
            }
        }
        return release;
    }

    private void tell(Ending last) {
        if (!last.success()) {
            events.event(job, EventRecorder.WARNING, last.reason(), last.message());
            return;
        }
        if (state.completions() >= 0 && state.succeeded() > state.completions()) {
            events.event(
                    job,
                    EventRecorder.WARNING,
                    "TooManySucceededPods",
                    "Too many succeeded pods running after completion count reached");
        }
        events.event(job, EventRecorder.NORMAL, "Completed", "Job completed");
    }
}
