package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A copy of a Job's status that is changed and then written. Used by one thread. */
final class JobStatus {

    private static final String UNCOUNTED = "uncountedTerminatedPods";

    private final ObjectNode json;
    private final Instant now;

    JobStatus(ObjectNode job, Instant now) {
        this.json = job.get("status") instanceof ObjectNode old ? old.deepCopy() : Fields.object();
        this.now = now;
        Fields.child(json, UNCOUNTED);
    }

    /**
     * How a job ends.
     *
     * @param type of the condition that says so: an interim or a final one
     */
    record Ending(String type, String reason, String message) {

        boolean success() {
            return type.equals("SuccessCriteriaMet") || type.equals("Complete");
        }

        Ending as(String other) {
            return new Ending(other, reason, message);
        }
    }

    ObjectNode json() {
        return json;
    }

    /** The ending that an earlier look at the job has written, or null. */
    @Nullable Ending earlier() {
        if (holds("SuccessCriteriaMet")) {
            return ending("SuccessCriteriaMet", "SuccessCriteriaMet");
        }
        return holds("FailureTarget") ? ending("FailureTarget", "Failed") : null;
    }

    private Ending ending(String found, String type) {
        JsonNode condition = Conditions.in(json, found);
        return new Ending(
                type, Fields.text(condition, "reason"), Fields.text(condition, "message"));
    }

    boolean holds(String type) {
        return Fields.text(Conditions.in(json, type), "status").equals("True");
    }

    /** The job starts, unless it has. */
    void start() {
        if (!json.has("startTime")) {
            json.put("startTime", Meta.time(now));
        }
    }

    String started() {
        return Fields.text(json, "startTime");
    }

    /** Notes a suspension or its end; whether that is news. */
    boolean suspended(boolean suspended) {
        JsonNode old = Conditions.in(json, "Suspended");
        boolean noted = Fields.text(old, "status").equals("True");
        if (suspended == noted || (!suspended && !old.isObject())) {
            return false;
        }
        if (suspended) {
            condition("Suspended", "True", "JobSuspended", "Job suspended");
        } else {
            json.put("startTime", Meta.time(now));
            condition("Suspended", "False", "JobResumed", "Job resumed");
        }
        return true;
    }

    void counts(int active, int ready, int terminating) {
        number("active", active);
        json.put("ready", ready).put("terminating", terminating);
    }

    void indexes(Set<Integer> succeeded, @Nullable Set<Integer> failed) {
        number("succeeded", succeeded.size());
        text("completedIndexes", CompletionIndexes.spell(succeeded));
        if (failed != null) {
            json.put("failedIndexes", CompletionIndexes.spell(failed));
        }
    }

    List<String> uncounted(String field) {
        return Fields.texts(json, UNCOUNTED, field);
    }

    /** Remembers a pod that ended until its finalizer is off. */
    void uncounted(String field, ObjectNode pod) {
        Fields.list(Fields.child(json, UNCOUNTED), field).add(Meta.uid(pod));
    }

    /** Counts the remembered pods whose finalizers are off. */
    void settle(Set<String> stillTracked) {
        for (String field : new String[] {"succeeded", "failed"}) {
            List<String> remembered = uncounted(field);
            List<String> left = remembered.stream().filter(stillTracked::contains).toList();
            number(field, Fields.number(json, field) + remembered.size() - left.size());
            ObjectNode uncounted = Fields.child(json, UNCOUNTED);
            uncounted.remove(field);
            left.forEach(uid -> Fields.list(uncounted, field).add(uid));
        }
    }

    boolean settled() {
        return uncounted("succeeded").isEmpty() && uncounted("failed").isEmpty();
    }

    /** Adds a condition, or changes it when it says something else. */
    void add(Ending ending) {
        JsonNode old = Conditions.in(json, ending.type());
        boolean same =
                Fields.text(old, "status").equals("True")
                        && Fields.text(old, "reason").equals(ending.reason())
                        && Fields.text(old, "message").equals(ending.message());
        if (!same) {
            condition(ending.type(), "True", ending.reason(), ending.message());
        }
    }

    void completed() {
        json.put("completionTime", Meta.time(now));
    }

    private void number(String field, int value) {
        if (value == 0) {
            json.remove(field);
        } else {
            json.put(field, value);
        }
    }

    private void text(String field, String value) {
        if (value.isEmpty()) {
            json.remove(field);
        } else {
            json.put(field, value);
        }
    }

    private void condition(String type, String value, String reason, String message) {
        ObjectNode condition =
                Conditions.in(json, type) instanceof ObjectNode old
                        ? old
                        : Fields.list(json, "conditions").addObject();
        condition
                .put("type", type)
                .put("status", value)
                .put("lastProbeTime", Meta.time(now))
                .put("lastTransitionTime", Meta.time(now))
                .put("reason", reason)
                .put("message", message);
    }
}
