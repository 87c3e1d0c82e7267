package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.workload.PodControl;
import org.jspecify.annotations.Nullable;

/** Makes, deletes and lets go of the pods of Jobs. */
final class JobPods {

    private static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";
    private static final int LONGEST_PREFIX = 58;

    private final ControllerContext context;
    private final Informer pods;
    private final PodControl control;

    JobPods(ControllerContext context, PodControl control) {
        this.context = context;
        this.pods = context.informer("pods");
        this.control = control;
    }

    /** Makes a pod of a job without indexes. */
    void create(ObjectNode job) {
        ObjectNode pod = pod(job);
        Fields.child(pod, "metadata").put("generateName", Meta.name(job) + "-");
        control.create(pod, job);
    }

    /**
     * Makes the pod of an index.
     *
     * @param replaced the failed pod in whose place it comes, where failures are counted for each
     *     index
     */
    void create(JobState state, int index, @Nullable ObjectNode replaced) {
        ObjectNode job = state.job();
        ObjectNode pod = pod(job);
        String text = Integer.toString(index);
        Fields.child(pod, "metadata").put("generateName", prefix(Meta.name(job), text));
        ObjectNode annotations = Fields.child(pod, "metadata", "annotations");
        annotations.put(JobState.INDEX, text);
        if (state.limitPerIndex()) {
            takeOver(job, annotations, replaced);
        }
        Fields.child(pod, "metadata", "labels").put(JobState.INDEX, text);
        Fields.child(pod, "spec").put("hostname", Meta.name(job) + "-" + text);
        for (String field : new String[] {"initContainers", "containers"}) {
            Fields.objects(pod, "spec", field).forEach(JobPods::tellIndex);
        }
        control.create(pod, job);
    }

    private static String prefix(String job, String index) {
        String suffix = "-" + index + "-";
        int most = LONGEST_PREFIX - suffix.length();
        return (job.length() > most ? job.substring(0, most) : job) + suffix;
    }

    private static void takeOver(
            ObjectNode job, ObjectNode annotations, @Nullable ObjectNode replaced) {
        int failures = 0;
        int ignored = 0;
        if (replaced != null) {
            boolean counts = PodFailurePolicy.match(job, replaced).counts();
            failures = JobState.failuresOf(replaced, JobState.INDEX_FAILURES) + (counts ? 1 : 0);
            ignored = JobState.failuresOf(replaced, JobState.INDEX_IGNORED) + (counts ? 0 : 1);
        }
        annotations.put(JobState.INDEX_FAILURES, Integer.toString(failures));
        if (ignored > 0) {
            annotations.put(JobState.INDEX_IGNORED, Integer.toString(ignored));
        }
    }

    private static void tellIndex(ObjectNode container) {
        boolean told =
                Fields.objects(container, "env").stream()
                        .anyMatch(env -> Fields.text(env, "name").equals(INDEX_VARIABLE));
        if (!told) {
            Fields.list(container, "env")
                    .addObject()
                    .put("name", INDEX_VARIABLE)
                    .putObject("valueFrom")
                    .putObject("fieldRef")
                    .put("fieldPath", "metadata.labels['" + JobState.INDEX + "']");
        }
    }

    private static ObjectNode pod(ObjectNode job) {
        ObjectNode pod = PodControl.fromTemplate(Fields.at(job, "spec", "template"), job);
        Fields.list(Fields.child(pod, "metadata"), "finalizers").add(JobState.FINALIZER);
        return pod;
    }

    /** Deletes a pod that stays to be counted. */
    void delete(ObjectNode pod, ObjectNode job) {
        control.delete(pod, job);
    }

    /** Deletes a pod that is not counted. */
    void discard(ObjectNode pod, ObjectNode job) {
        untrack(pod);
        control.delete(pod, job);
    }

    /** Takes the tracking finalizer off a pod. */
    void untrack(ObjectNode pod) {
        if (!JobState.tracked(pod)) {
            return;
        }
        ResourceKey key = ControllerContext.core("pods", Meta.namespace(pod), Meta.name(pod));
        ObjectNode stored =
                context.api()
                        .edit(
                                key,
                                copy -> {
                                    if (copy == null || !Meta.uid(copy).equals(Meta.uid(pod))) {
                                        return null;
                                    }
                                    removeFinalizer(Fields.child(copy, "metadata"));
                                    return copy;
                                });
        ObjectNode left = stored == null ? null : context.api().find(key);
        if (left == null || !Meta.uid(left).equals(Meta.uid(pod))) {
            pods.forget(pod);
        } else {
            pods.observe(left);
        }
    }

    private static void removeFinalizer(ObjectNode metadata) {
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
    }
}
