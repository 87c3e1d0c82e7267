package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.scheduling.NodeFilter;
import java.util.List;
import java.util.Set;

/** The pods of DaemonSets: each meant for one node. Source: Kubernetes' {@code daemon/util}. */
final class DaemonPods {

    /** The label that names a pod's revision. */
    static final String REVISION = "controller-revision-hash";

    private static final String GENERATION = "deprecated.daemonset.template.generation";

    private DaemonPods() {}

    /**
     * What a node is to a DaemonSet.
     *
     * @param run whether a pod should run there
     * @param stay whether a pod that is there already may stay
     */
    record Place(boolean run, boolean stay) {}

    static Place place(ObjectNode set, ObjectNode node) {
        String asked = Fields.text(set, "spec", "template", "spec", "nodeName");
        ObjectNode pod = pod(set, node, "");
        if (!(asked.isEmpty() || asked.equals(Meta.name(node))) || !NodeFilter.matches(pod, node)) {
            return new Place(false, false);
        }
        boolean stay = NodeFilter.tolerates(pod, node, Set.of("NoExecute"));
        return new Place(stay && NodeFilter.tolerates(pod, node, Set.of("NoSchedule")), stay);
    }

    /** The node a daemon pod is on or meant for. */
    static String nodeOf(ObjectNode pod) {
        String node = Fields.text(pod, "spec", "nodeName");
        if (!node.isEmpty()) {
            return node;
        }
        return Fields.at(
                        pod,
                        "spec",
                        "affinity",
                        "nodeAffinity",
                        "requiredDuringSchedulingIgnoredDuringExecution",
                        "nodeSelectorTerms")
                .path(0)
                .path("matchFields")
                .path(0)
                .path("values")
                .path(0)
                .asText();
    }

    /** The pod of a set for a node. */
    static ObjectNode pod(ObjectNode set, ObjectNode node, String hash) {
        ObjectNode pod = PodControl.fromTemplate(Fields.at(set, "spec", "template"), set);
        Fields.child(pod, "metadata").put("generateName", Meta.name(set) + "-");
        String generation = Meta.annotation(set, GENERATION);
        Fields.child(pod, "metadata", "labels")
                .put(REVISION, hash)
                .put("pod-template-generation", generation.isEmpty() ? "1" : generation);
        ObjectNode required =
                Fields.child(
                        pod,
                        "spec",
                        "affinity",
                        "nodeAffinity",
                        "requiredDuringSchedulingIgnoredDuringExecution");
        List<ObjectNode> terms = Fields.objects(required, "nodeSelectorTerms");
        if (terms.isEmpty()) {
            terms = List.of(Fields.list(required, "nodeSelectorTerms").addObject());
        }
        for (ObjectNode term : terms) {
            term.putArray("matchFields")
                    .addObject()
                    .put("key", "metadata.name")
                    .put("operator", "In")
                    .putArray("values")
                    .add(Meta.name(node));
        }
        tolerate(pod, "not-ready", "NoExecute");
        tolerate(pod, "unreachable", "NoExecute");
        tolerate(pod, "disk-pressure", "NoSchedule");
        tolerate(pod, "memory-pressure", "NoSchedule");
        tolerate(pod, "pid-pressure", "NoSchedule");
        tolerate(pod, "unschedulable", "NoSchedule");
        if (Fields.flag(pod, "spec", "hostNetwork")) {
            tolerate(pod, "network-unavailable", "NoSchedule");
        }
        return pod;
    }

    private static void tolerate(ObjectNode pod, String taint, String effect) {
        Fields.list(Fields.child(pod, "spec"), "tolerations")
                .addObject()
                .put("effect", effect)
                .put("key", "node.kubernetes.io/" + taint)
                .put("operator", "Exists");
    }
}
