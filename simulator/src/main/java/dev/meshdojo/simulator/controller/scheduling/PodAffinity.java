package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.List;

/**
 * Required pod affinity and anti-affinity. Source: kube-scheduler's {@code InterPodAffinity}; a
 * namespace selector counts as any namespace.
 */
final class PodAffinity {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    private PodAffinity() {}

    static NodeFilter.Outcome check(ObjectNode pod, ObjectNode node, ClusterView view) {
        for (JsonNode term : Fields.at(pod, "spec", "affinity", "podAffinity", REQUIRED)) {
            String here = Meta.labels(node).get(Fields.text(term, "topologyKey"));
            boolean anywhere = false;
            boolean near = false;
            for (ObjectNode other : view.placed()) {
                if (selects(pod, term, other)) {
                    anywhere = true;
                    near |= here != null && here.equals(topology(view, other, term));
                }
            }
            boolean first = !anywhere && selects(pod, term, pod);
            if (here == null || !(near || first)) {
                return NodeFilter.Outcome.never("node(s) didn't match pod affinity rules");
            }
        }
        for (JsonNode term : Fields.at(pod, "spec", "affinity", "podAntiAffinity", REQUIRED)) {
            String here = Meta.labels(node).get(Fields.text(term, "topologyKey"));
            for (ObjectNode other : view.placed()) {
                if (here != null
                        && here.equals(topology(view, other, term))
                        && selects(pod, term, other)) {
                    return NodeFilter.Outcome.crowded(
                            "node(s) didn't match pod anti-affinity rules");
                }
            }
        }
        return repelled(pod, node, view)
                ? NodeFilter.Outcome.crowded(
                        "node(s) didn't satisfy existing pods anti-affinity rules")
                : NodeFilter.Outcome.FITS;
    }

    private static boolean repelled(ObjectNode pod, ObjectNode node, ClusterView view) {
        for (ObjectNode other : view.placed()) {
            for (JsonNode term :
                    Fields.at(other, "spec", "affinity", "podAntiAffinity", REQUIRED)) {
                String here = Meta.labels(node).get(Fields.text(term, "topologyKey"));
                if (here != null
                        && here.equals(topology(view, other, term))
                        && selects(other, term, pod)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String topology(ClusterView view, ObjectNode pod, JsonNode term) {
        String value = view.topology(pod, Fields.text(term, "topologyKey"));
        return value == null ? "\u0000" : value;
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
