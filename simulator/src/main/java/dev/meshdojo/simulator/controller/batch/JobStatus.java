package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import java.time.Instant;

/** Writes a Job's status. */
final class JobStatus {

    private JobStatus() {}

    /** A copy of the stored status that a running job always has. */
    static ObjectNode begin(JobState state, Instant now) {
        ObjectNode status =
                state.job().get("status") instanceof ObjectNode old
                        ? old.deepCopy()
                        : Fields.object();
        if (!status.has("startTime") && !state.suspended()) {
            status.put("startTime", Meta.time(now));
        }
        return status;
    }

    static void suspension(JobState state, ObjectNode status, EventRecorder events, Instant now) {
        JsonNode condition = Conditions.in(status, "Suspended");
        boolean noted = Fields.text(condition, "status").equals("True");
        if (state.suspended() && !noted) {
            status.remove("startTime");
            put(status, "Suspended", "True", "JobSuspended", "Job suspended", now);
            events.event(state.job(), EventRecorder.NORMAL, "Suspended", "Job suspended");
        } else if (!state.suspended() && noted) {
            status.put("startTime", Meta.time(now));
            put(status, "Suspended", "False", "JobResumed", "Job resumed", now);
            events.event(state.job(), EventRecorder.NORMAL, "Resumed", "Job resumed");
        }
    }

    static void count(JobState before, JobState after, ObjectNode status) {
        put(status, "active", after.active().size());
        put(status, "succeeded", before.succeeded());
        put(status, "failed", before.failed());
        status.put("ready", (int) after.active().stream().filter(Pods::ready).count());
        status.put("terminating", after.terminating().size());
        status.putObject("uncountedTerminatedPods");
        if (before.indexed()) {
            String done = JobState.spell(before.completedIndexes());
            if (!done.isEmpty()) {
                status.put("completedIndexes", done);
            }
        }
    }

    private static void put(ObjectNode status, String field, int value) {
        if (value == 0) {
            status.remove(field);
        } else {
            status.put(field, value);
        }
    }

    static void fail(ObjectNode status, String[] failure, Instant now) {
        condition(status, "FailureTarget", failure[0], failure[1], now);
    }

    static void condition(
            ObjectNode status, String type, String reason, String message, Instant now) {
        if (!Conditions.in(status, type).isObject()) {
            put(status, type, "True", reason, message, now);
        }
    }

    private static void put(
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message,
            Instant now) {
        Conditions.remove(status, type);
        Fields.list(status, "conditions")
                .addObject()
                .put("type", type)
                .put("status", value)
                .put("lastProbeTime", Meta.time(now))
                .put("lastTransitionTime", Meta.time(now))
                .put("reason", reason)
                .put("message", message);
    }
}
