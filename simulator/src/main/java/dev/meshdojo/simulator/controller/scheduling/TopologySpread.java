package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Topology spread constraints that forbid. Source: kube-scheduler's {@code PodTopologySpread}
 * filter.
 */
final class TopologySpread {

    private static final String REASON = "node(s) didn't match pod topology spread constraints";

    private TopologySpread() {}

    static NodeFilter.Outcome check(ObjectNode pod, ObjectNode node, ClusterView view) {
        List<JsonNode> constraints = new ArrayList<>();
        for (JsonNode constraint : Fields.at(pod, "spec", "topologySpreadConstraints")) {
            if (Fields.text(constraint, "whenUnsatisfiable").equals("DoNotSchedule")) {
                constraints.add(constraint);
            }
        }
        for (JsonNode constraint : constraints) {
            String domain = Meta.labels(node).get(Fields.text(constraint, "topologyKey"));
            if (domain == null) {
                return NodeFilter.Outcome.never(REASON + " (missing required label)");
            }
            if (skew(pod, constraint, constraints, domain, view)
                    > Fields.number(1, constraint, "maxSkew")) {
                return NodeFilter.Outcome.crowded(REASON);
            }
        }
        return NodeFilter.Outcome.FITS;
    }

    private static int skew(
            ObjectNode pod,
            JsonNode constraint,
            List<JsonNode> constraints,
            String domain,
            ClusterView view) {
        LabelSelector selector = LabelSelector.of(Fields.at(constraint, "labelSelector"));
        String key = Fields.text(constraint, "topologyKey");
        Map<String, Integer> counts = new HashMap<>();
        for (ObjectNode node : view.nodes()) {
            if (!counts(pod, constraint, constraints, node)) {
                continue;
            }
            int matching =
                    (int)
                            view.on(node).stream()
                                    .filter(other -> !Meta.deleting(other))
                                    .filter(
                                            other ->
                                                    Meta.namespace(other)
                                                            .equals(Meta.namespace(pod)))
                                    .filter(other -> selector.matches(Meta.labels(other)))
                                    .count();
            counts.merge(Meta.labels(node).getOrDefault(key, ""), matching, Integer::sum);
        }
        int least =
                counts.isEmpty() || counts.size() < Fields.number(1, constraint, "minDomains")
                        ? 0
                        : Collections.min(counts.values());
        int self = selector.matches(Meta.labels(pod)) ? 1 : 0;
        return counts.getOrDefault(domain, 0) + self - least;
    }

    private static boolean counts(
            ObjectNode pod, JsonNode constraint, List<JsonNode> constraints, ObjectNode node) {
        boolean labelled =
                constraints.stream()
                        .allMatch(
                                each ->
                                        Meta.labels(node)
                                                .containsKey(Fields.text(each, "topologyKey")));
        boolean affine =
                Fields.text(constraint, "nodeAffinityPolicy").equals("Ignore")
                        || NodeFilter.matches(pod, node);
        boolean tolerated =
                !Fields.text(constraint, "nodeTaintsPolicy").equals("Honor")
                        || NodeFilter.tolerates(pod, node, Set.of("NoSchedule", "NoExecute"));
        return labelled && affine && tolerated;
    }
}
