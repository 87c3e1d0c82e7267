package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts Jobs on a schedule. Source: Kubernetes' {@code cronjob_controllerv2}. */
public final class CronJobController extends Controller {

    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    private final Informer cronJobs;
    private final Informer jobs;
    private final EventRecorder events;

    /** Subscribes; runs once started. */
    public CronJobController(ControllerContext context) {
        super("cronjob-controller", context);
        this.cronJobs = context.informer("batch", "cronjobs");
        this.jobs = context.informer("batch", "jobs");
        this.events = new EventRecorder(context, name());
        cronJobs.onEach(cronJob -> queue.add(Meta.objectName(cronJob)));
        jobs.onEach(job -> enqueueOwner(job, "CronJob"));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode cronJob = cronJobs.get(target);
        if (cronJob == null) {
            return;
        }
        List<ObjectNode> owned =
                jobs.ownedBy(cronJob).stream()
                        .filter(job -> Meta.controlledBy(job, cronJob))
                        .toList();
        ObjectNode status =
                cronJob.get("status") instanceof ObjectNode old ? old.deepCopy() : Fields.object();
        settle(cronJob, owned, status);
        prune(cronJob, owned);
        if (!Meta.deleting(cronJob) && !Fields.flag(cronJob, "spec", "suspend")) {
            schedule(cronJob, status);
        }
        store(cronJob, status);
    }

    /** Moves ended jobs out of {@code status.active}. */
    private void settle(ObjectNode cronJob, List<ObjectNode> owned, ObjectNode status) {
        Set<String> running = new HashSet<>();
        for (ObjectNode job : owned) {
            boolean active = activeUids(status).contains(Meta.uid(job));
            if (!JobState.finished(job)) {
                running.add(Meta.uid(job));
                if (!active) {
                    events.event(
                            cronJob,
                            EventRecorder.WARNING,
                            "UnexpectedJob",
                            "Saw a job that the controller did not create or forgot: "
                                    + Meta.name(job));
                }
            } else if (active) {
                boolean complete = Conditions.holds(job, "Complete");
                events.event(
                        cronJob,
                        EventRecorder.NORMAL,
                        "SawCompletedJob",
                        "Saw completed job: %s, condition: %s"
                                .formatted(Meta.name(job), complete ? "Complete" : "Failed"));
            }
            if (Conditions.holds(job, "Complete")) {
                String done = Fields.text(job, "status", "completionTime");
                if (done.compareTo(Fields.text(status, "lastSuccessfulTime")) > 0) {
                    status.put("lastSuccessfulTime", done);
                }
            }
        }
        ArrayNode kept = status.arrayNode();
        for (JsonNode reference : Fields.at(status, "active")) {
            if (running.contains(Fields.text(reference, "uid"))) {
                kept.add(reference);
            }
        }
        setActive(status, kept);
    }

    private static Set<String> activeUids(ObjectNode status) {
        Set<String> uids = new HashSet<>();
        Fields.at(status, "active").forEach(reference -> uids.add(Fields.text(reference, "uid")));
        return uids;
    }

    private static void setActive(ObjectNode status, ArrayNode active) {
        if (active.isEmpty()) {
            status.remove("active");
        } else {
            status.set("active", active);
        }
    }

    private void prune(ObjectNode cronJob, List<ObjectNode> owned) {
        prune(cronJob, owned, "Complete", "successfulJobsHistoryLimit", 3);
        prune(cronJob, owned, "Failed", "failedJobsHistoryLimit", 1);
    }

    private void prune(
            ObjectNode cronJob, List<ObjectNode> owned, String condition, String field, int kept) {
        List<ObjectNode> ended =
                owned.stream()
                        .filter(job -> Conditions.holds(job, condition) && !Meta.deleting(job))
                        .sorted(
                                Comparator.<ObjectNode, String>comparing(
                                                job -> Fields.text(job, "status", "startTime"))
                                        .thenComparing(Meta::name))
                        .toList();
        int surplus = ended.size() - Fields.number(kept, cronJob, "spec", field);
        for (int i = 0; i < surplus; i++) {
            delete(cronJob, ended.get(i));
        }
    }

    private void delete(ObjectNode cronJob, ObjectNode job) {
        context.api().delete(new ResourceKey("batch", "jobs", Meta.namespace(job), Meta.name(job)));
        jobs.forget(job);
        events.event(
                cronJob, EventRecorder.NORMAL, "SuccessfulDelete", "Deleted job " + Meta.name(job));
    }

    private void schedule(ObjectNode cronJob, ObjectNode status) {
        CronSchedule schedule;
        try {
            schedule =
                    CronSchedule.parse(
                            Fields.text(cronJob, "spec", "schedule"),
                            Fields.text(cronJob, "spec", "timeZone"));
        } catch (IllegalArgumentException e) {
            events.event(
                    cronJob,
                    EventRecorder.WARNING,
                    "UnparseableSchedule",
                    "unparseable schedule: %s : %s"
                            .formatted(Fields.text(cronJob, "spec", "schedule"), e.getMessage()));
            return;
        }
        Instant now = context.now();
        String last = Fields.text(status, "lastScheduleTime");
        Instant from = last.isEmpty() ? Meta.created(cronJob) : Meta.instant(last);
        Instant due = latest(schedule, from, now);
        if (due != null && !Meta.instant(last).equals(due)) {
            launch(cronJob, status, due, now);
        }
        Instant next = schedule.next(now);
        if (next != null) {
            queue.addAfter(Meta.objectName(cronJob), Duration.between(now, next).plusMillis(100));
        }
    }

    /** The newest scheduled time in (from, now]; null when there is none. */
    private static @Nullable Instant latest(CronSchedule schedule, Instant from, Instant now) {
        Instant latest = null;
        Instant start = from;
        if (Duration.between(from, now).toDays() > 30) {
            start = now.minus(Duration.ofDays(30));
        }
        Instant next = schedule.next(start);
        while (next != null && !next.isAfter(now)) {
            latest = next;
            next = schedule.next(next);
        }
        return latest;
    }

    private void launch(ObjectNode cronJob, ObjectNode status, Instant due, Instant now) {
        if (Fields.has(cronJob, "spec", "startingDeadlineSeconds")) {
            int seconds = Fields.number(cronJob, "spec", "startingDeadlineSeconds");
            if (due.plusSeconds(seconds).isBefore(now)) {
                events.event(
                        cronJob,
                        EventRecorder.WARNING,
                        "MissSchedule",
                        "Missed scheduled time to start a job: " + due);
                return;
            }
        }
        String policy = Fields.text(cronJob, "spec", "concurrencyPolicy");
        JsonNode active = Fields.at(status, "active");
        if (policy.equals("Forbid") && !active.isEmpty()) {
            events.event(
                    cronJob,
                    EventRecorder.NORMAL,
                    "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is"
                            + " Forbid");
            return;
        }
        if (policy.equals("Replace")) {
            for (JsonNode reference : active) {
                ObjectNode job =
                        jobs.get(
                                new ObjectName(
                                        Meta.namespace(cronJob), Fields.text(reference, "name")));
                if (job != null) {
                    delete(cronJob, job);
                }
            }
            status.remove("active");
        }
        start(cronJob, status, due);
    }

    private void start(ObjectNode cronJob, ObjectNode status, Instant due) {
        String name = Meta.name(cronJob) + "-" + due.getEpochSecond() / 60;
        ObjectNode job = Fields.manifest("batch/v1", "Job", Meta.namespace(cronJob), name);
        JsonNode template = Fields.at(cronJob, "spec", "jobTemplate");
        for (String field : new String[] {"labels", "annotations"}) {
            JsonNode value = Fields.at(template, "metadata", field);
            if (!value.isEmpty()) {
                Fields.child(job, "metadata").set(field, value.deepCopy());
            }
        }
        Fields.child(job, "metadata", "annotations").put(SCHEDULED, due.toString());
        Meta.control(job, cronJob);
        job.set("spec", template.path("spec").deepCopy());
        ObjectNode made;
        try {
            made = jobs.observe(context.api().create(job));
        } catch (ApiException e) {
            if (!e.reason().equals("AlreadyExists")) {
                events.event(
                        cronJob,
                        EventRecorder.WARNING,
                        "FailedCreate",
                        "Error creating job: " + e.getMessage());
                throw e;
            }
            return;
        }
        events.event(cronJob, EventRecorder.NORMAL, "SuccessfulCreate", "Created job " + name);
        Fields.list(status, "active")
                .addObject()
                .put("kind", "Job")
                .put("namespace", Meta.namespace(made))
                .put("name", name)
                .put("uid", Meta.uid(made))
                .put("apiVersion", "batch/v1")
                .put("resourceVersion", Fields.text(made, "metadata", "resourceVersion"));
        status.put("lastScheduleTime", Meta.time(due));
    }

    private void store(ObjectNode cronJob, ObjectNode status) {
        if (!status.isEmpty() || !cronJob.path("status").isEmpty()) {
            storeStatus(
                    cronJobs,
                    new ResourceKey(
                            "batch", "cronjobs", Meta.namespace(cronJob), Meta.name(cronJob)),
                    cronJob,
                    status);
        }
    }
}
