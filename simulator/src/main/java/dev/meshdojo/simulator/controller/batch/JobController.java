package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.workload.Ownership;
import dev.meshdojo.simulator.controller.workload.PodControl;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a Job's pods to completion and removes Jobs whose time is over. Source: Kubernetes' {@code
 * pkg/controller/job} and {@code pkg/controller/ttlafterfinished}.
 */
public final class JobController extends Controller {

    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    private final Informer jobs;
    private final Informer pods;
    private final Ownership ownership;
    private final JobPods control;
    private final EventRecorder events;
    private final Map<ObjectName, JobBackoff> backoffs = new HashMap<>();

    /** Subscribes; runs once started. */
    public JobController(ControllerContext context) {
        super("job-controller", context);
        this.jobs = context.informer("batch", "jobs");
        this.pods = context.informer("pods");
        this.ownership = new Ownership(context, "", "pods");
        this.events = new EventRecorder(context, name());
        this.control = new JobPods(context, new PodControl(context, events));
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
            backoffs.remove(target);
            letGo(target);
            return;
        }
        if (JobState.managedElsewhere(job)) {
            if (JobState.finished(job)) {
                expire(job);
            }
            return;
        }
        List<ObjectNode> mine =
                ownership.claim(job, LabelSelector.of(Fields.at(job, "spec", "selector")));
        if (JobState.finished(job)) {
            backoffs.remove(target);
            mine.forEach(control::untrack);
            expire(job);
            return;
        }
        JobState state = new JobState(job, mine);
        JobBackoff backoff =
                backoffs.getOrDefault(target, JobBackoff.NONE)
                        .after(state.newlySucceeded(), state.newlyFailed());
        if (!state.limitPerIndex()) {
            backoffs.put(target, backoff);
        }
        new JobSync(
                        state,
                        control,
                        events,
                        backoff,
                        context.now(),
                        wait -> queue.addAfter(target, wait))
                .run(this::store);
    }

    private ObjectNode store(ObjectNode job, ObjectNode status) {
        ObjectName name = Meta.objectName(job);
        storeStatus(
                jobs, new ResourceKey("batch", "jobs", name.namespace(), name.name()), job, status);
        ObjectNode stored = jobs.get(name);
        return stored == null ? job : stored;
    }

    /** Takes finalizers off the pods of a job that is gone, orphans among them. */
    private void letGo(ObjectName gone) {
        for (ObjectNode pod : pods.list(gone.namespace())) {
            Meta.Owner owner = Meta.controller(pod);
            boolean orphan = owner == null && gone.name().equals(Meta.labels(pod).get(JOB_NAME));
            boolean left =
                    owner != null && owner.kind().equals("Job") && owner.name().equals(gone.name());
            if (orphan || left) {
                control.untrack(pod);
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
