package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import java.util.List;

/**
 * Required pod affinity and anti-affinity, for clusters whose pods share their node's topology:
 * terms compare topology by the node's labels. Source: kube-scheduler's {@code InterPodAffinity}.
 */
final class PodAffinity {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    private PodAffinity() {}

    static NodeFilter.Outcome check(ObjectNode pod, ObjectNode node, List<ObjectNode> pods) {
        List<ObjectNode> placed =
                pods.stream().filter(Pods::scheduled).filter(p -> !Pods.finished(p)).toList();
        for (JsonNode term : Fields.at(pod, "spec", "affinity", "podAffinity", REQUIRED)) {
            boolean self = selects(pod, term, pod);
            boolean near = placed.stream().anyMatch(other -> selects(pod, term, other));
            if (!topology(node, term) || !(near || self)) {
                return NodeFilter.Outcome.never("node(s) didn't match pod affinity rules");
            }
        }
        for (JsonNode term : Fields.at(pod, "spec", "affinity", "podAntiAffinity", REQUIRED)) {
            if (topology(node, term)
                    && placed.stream().anyMatch(other -> selects(pod, term, other))) {
                return NodeFilter.Outcome.crowded("node(s) didn't match pod anti-affinity rules");
            }
        }
        for (ObjectNode other : placed) {
            for (JsonNode term :
                    Fields.at(other, "spec", "affinity", "podAntiAffinity", REQUIRED)) {
                if (topology(node, term) && selects(other, term, pod)) {
                    return NodeFilter.Outcome.crowded(
                            "node(s) didn't satisfy existing pods anti-affinity rules");
                }
            }
        }
        return NodeFilter.Outcome.FITS;
    }

    private static boolean topology(ObjectNode node, JsonNode term) {
        return Meta.labels(node).containsKey(Fields.text(term, "topologyKey"));
    }

    private static boolean selects(ObjectNode holder, JsonNode term, ObjectNode other) {
        List<String> namespaces = Fields.texts(term, "namespaces");
        boolean inScope =
                namespaces.isEmpty()
                        ? Fields.has(term, "namespaceSelector")
                                || Meta.namespace(holder).equals(Meta.namespace(other))
                        : namespaces.contains(Meta.namespace(other));
        return inScope
                && LabelSelector.of(Fields.at(term, "labelSelector")).matches(Meta.labels(other));
    }
}
