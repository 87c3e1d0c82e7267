package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.AdmissionRequest.Operation;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.List;

/**
 * What the API server adds to workloads while they are written: a Job's selector and labels by its
 * uid, a DaemonSet's template generation. Source: Kubernetes' {@code pkg/registry/batch/job} and
 * the {@code apps/v1} conversion of DaemonSets.
 */
public final class WorkloadIdentity implements AdmissionPlugin {

    private static final String GENERATION = "deprecated.daemonset.template.generation";

    @Override
    public String name() {
        return "WorkloadIdentity";
    }

    @Override
    public Stage stage() {
        return Stage.STORAGE;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (object == null) {
            return;
        }
        if (request.isFor("batch", "jobs", List.of(Operation.CREATE))) {
            identify(object);
        } else if (request.isFor(
                "apps", "daemonsets", List.of(Operation.CREATE, Operation.UPDATE))) {
            count(object, request.oldObject());
        }
    }

    private static void identify(ObjectNode job) {
        ObjectNode spec = Fields.child(job, "spec");
        if (Fields.flag(spec, "manualSelector")) {
            return;
        }
        String uid = Meta.uid(job);
        ObjectNode labels = Fields.child(spec, "template", "metadata", "labels");
        labels.putIfAbsent("batch.kubernetes.io/controller-uid", TextNode.valueOf(uid));
        labels.putIfAbsent("batch.kubernetes.io/job-name", TextNode.valueOf(Meta.name(job)));
        labels.putIfAbsent("controller-uid", TextNode.valueOf(uid));
        labels.putIfAbsent("job-name", TextNode.valueOf(Meta.name(job)));
        Fields.child(spec, "selector", "matchLabels")
                .putIfAbsent("batch.kubernetes.io/controller-uid", TextNode.valueOf(uid));
    }

    private static void count(ObjectNode set, @org.jspecify.annotations.Nullable ObjectNode old) {
        ObjectNode annotations = Fields.child(set, "metadata", "annotations");
        if (old == null) {
            annotations.put(GENERATION, "1");
            return;
        }
        JsonNode before = Fields.at(old, "spec", "template");
        JsonNode after = Fields.at(set, "spec", "template");
        int generation = Fields.at(old, "metadata", "annotations", GENERATION).asInt(1);
        annotations.put(
                GENERATION,
                Integer.toString(Fields.same(before, after) ? generation : generation + 1));
    }
}
