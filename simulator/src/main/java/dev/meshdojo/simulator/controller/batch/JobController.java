package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.workload.Ownership;
import dev.meshdojo.simulator.controller.workload.PodControl;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs a Job's pods to completion. Source: Kubernetes' {@code pkg/controller/job}. Not modelled:
 * pod failure policies, success policies, a back-off limit per index.
 */
public final class JobController extends Controller {

    private final Informer jobs;
    private final Informer pods;
    private final Ownership ownership;
    private final PodControl control;
    private final EventRecorder events;
    private final Set<String> counted = new HashSet<>();

    /** Subscribes; runs once started. */
    public JobController(ControllerContext context) {
        super("job-controller", context);
        this.jobs = context.informer("batch", "jobs");
        this.pods = context.informer("pods");
        this.ownership = new Ownership(context, "", "pods");
        this.events = new EventRecorder(context, name());
        this.control = new PodControl(context, events);
        jobs.onEach(job -> queue.add(Meta.objectName(job)));
        pods.onChange(
                (before, after) -> {
                    if (before != null) {
                        enqueueOwner(before, "Job");
                    }
                    if (after != null) {
                        enqueueOwner(after, "Job");
                    }
                });
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode job = jobs.get(target);
        if (job == null) {
            letGo(target);
            return;
        }
        List<ObjectNode> mine =
                ownership.claim(job, LabelSelector.of(Fields.at(job, "spec", "selector")));
        JobState state = new JobState(job, mine, counted);
        if (JobState.finished(job)) {
            mine.forEach(this::untrack);
            expire(job);
            return;
        }
        if (Meta.deleting(job)) {
            mine.forEach(this::untrack);
            return;
        }
        work(state);
    }

    private void work(JobState state) {
        ObjectNode job = state.job();
        Instant now = context.now();
        ObjectNode status = JobStatus.begin(state, now);
        JobStatus.suspension(state, status, events, now);
        String[] failure = state.failure(now);
        JsonNode target = Conditions.find(job, "FailureTarget");
        if (failure == null && target.isObject()) {
            failure = new String[] {Fields.text(target, "reason"), Fields.text(target, "message")};
        }
        if (failure != null) {
            state.active().forEach(pod -> control.delete(pod, job));
            JobStatus.fail(status, failure, now);
        } else if (!state.complete()) {
            adjust(state, now);
        } else {
            state.active().forEach(pod -> control.delete(pod, job));
        }
        List<ObjectNode> ended = new java.util.ArrayList<>(state.uncounted("Succeeded"));
        ended.addAll(state.uncounted("Failed"));
        JobState now2 = new JobState(job, pods.ownedBy(job), counted);
        JobStatus.count(state, now2, status);
        finish(state, now2, status, failure, now);
        storeStatus(
                jobs,
                new ResourceKey("batch", "jobs", Meta.namespace(job), Meta.name(job)),
                job,
                status);
        for (ObjectNode pod : ended) {
            counted.add(Meta.uid(pod));
            untrack(pod);
        }
        Instant deadline = state.deadline();
        if (deadline != null && deadline.isAfter(now)) {
            queue.addAfter(Meta.objectName(job), Duration.between(now, deadline));
        }
    }

    private void finish(
            JobState state,
            JobState after,
            ObjectNode status,
            String @org.jspecify.annotations.Nullable [] failure,
            Instant now) {
        boolean quiet = after.active().isEmpty() && after.terminating().isEmpty();
        if (failure != null) {
            if (quiet) {
                JobStatus.condition(status, "Failed", failure[0], failure[1], now);
                events.event(state.job(), EventRecorder.WARNING, failure[0], failure[1]);
            }
        } else if (state.complete()) {
            String reason = "CompletionsReached";
            String message = "Reached expected number of succeeded pods";
            JobStatus.condition(status, "SuccessCriteriaMet", reason, message, now);
            if (quiet) {
                JobStatus.condition(status, "Complete", reason, message, now);
                status.put("completionTime", Meta.time(now));
                events.event(state.job(), EventRecorder.NORMAL, "Completed", "Job completed");
            }
        }
    }

    private void adjust(JobState state, Instant now) {
        ObjectNode job = state.job();
        List<ObjectNode> active = state.active();
        int missing = state.wanted() - active.size();
        if (missing < 0) {
            active.stream()
                    .sorted(
                            java.util.Comparator.<ObjectNode, Boolean>comparing(Pods::ready)
                                    .thenComparing(Meta.BY_AGE.reversed()))
                    .limit(-missing)
                    .forEach(pod -> control.delete(pod, job));
            return;
        }
        if (missing == 0) {
            return;
        }
        Instant notBefore = state.notBefore();
        if (notBefore.isAfter(now)) {
            queue.addAfter(Meta.objectName(job), Duration.between(now, notBefore));
            return;
        }
        if (state.indexed()) {
            createIndexed(state, missing);
        } else {
            for (int i = 0; i < missing; i++) {
                ObjectNode pod = pod(job);
                Fields.child(pod, "metadata").put("generateName", Meta.name(job) + "-");
                control.create(pod, job);
            }
        }
    }

    private void createIndexed(JobState state, int missing) {
        ObjectNode job = state.job();
        Set<Integer> taken = new TreeSet<>(state.completedIndexes());
        state.active().forEach(pod -> taken.add(JobState.index(pod)));
        int left = missing;
        for (int index = 0; index < state.completions() && left > 0; index++) {
            if (taken.contains(index)) {
                continue;
            }
            ObjectNode pod = pod(job);
            String text = Integer.toString(index);
            Fields.child(pod, "metadata").put("generateName", Meta.name(job) + "-" + text + "-");
            Fields.child(pod, "metadata", "annotations").put(JobState.INDEX, text);
            Fields.child(pod, "metadata", "labels").put(JobState.INDEX, text);
            Fields.child(pod, "spec").put("hostname", Meta.name(job) + "-" + text);
            for (ObjectNode container : Fields.objects(pod, "spec", "containers")) {
                Fields.list(container, "env")
                        .addObject()
                        .put("name", "JOB_COMPLETION_INDEX")
                        .putObject("valueFrom")
                        .putObject("fieldRef")
                        .put("fieldPath", "metadata.labels['" + JobState.INDEX + "']");
            }
            control.create(pod, job);
            left--;
        }
    }

    private static ObjectNode pod(ObjectNode job) {
        ObjectNode pod = PodControl.fromTemplate(Fields.at(job, "spec", "template"), job);
        Fields.list(Fields.child(pod, "metadata"), "finalizers").add(JobState.FINALIZER);
        return pod;
    }

    /** Takes the tracking finalizer off a pod that ended or whose job is going. */
    private void untrack(ObjectNode pod) {
        if (!JobState.tracked(pod)) {
            return;
        }
        ResourceKey key = ControllerContext.core("pods", Meta.namespace(pod), Meta.name(pod));
        context.api()
                .edit(
                        key,
                        copy -> {
                            if (copy == null || !Meta.uid(copy).equals(Meta.uid(pod))) {
                                return null;
                            }
                            ObjectNode metadata = Fields.child(copy, "metadata");
                            ArrayNode kept = metadata.arrayNode();
                            for (JsonNode finalizer : Fields.list(metadata, "finalizers")) {
                                if (!finalizer.asText().equals(JobState.FINALIZER)) {
                                    kept.add(finalizer);
                                }
                            }
                            if (kept.isEmpty()) {
                                metadata.remove("finalizers");
                            } else {
                                metadata.set("finalizers", kept);
                            }
                            return copy;
                        });
        ObjectNode left = context.api().find(key);
        if (left == null || !Meta.uid(left).equals(Meta.uid(pod))) {
            pods.forget(pod);
        } else {
            pods.observe(left);
        }
    }

    private void letGo(ObjectName gone) {
        for (ObjectNode pod : pods.list(gone.namespace())) {
            Meta.Owner owner = Meta.controller(pod);
            if (owner != null && owner.kind().equals("Job") && owner.name().equals(gone.name())) {
                untrack(pod);
                counted.remove(Meta.uid(pod));
            }
        }
    }

    private void expire(ObjectNode job) {
        if (!Fields.has(job, "spec", "ttlSecondsAfterFinished") || Meta.deleting(job)) {
            return;
        }
        JsonNode done =
                Conditions.holds(job, "Complete")
                        ? Conditions.find(job, "Complete")
                        : Conditions.find(job, "Failed");
        Instant due =
                Meta.instant(Fields.text(done, "lastTransitionTime"))
                        .plusSeconds(Fields.number(job, "spec", "ttlSecondsAfterFinished"));
        if (due.isAfter(context.now())) {
            queue.addAfter(Meta.objectName(job), Duration.between(context.now(), due));
            return;
        }
        context.api().delete(new ResourceKey("batch", "jobs", Meta.namespace(job), Meta.name(job)));
    }
}
