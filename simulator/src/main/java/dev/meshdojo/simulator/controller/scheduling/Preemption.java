package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which pods of lower priority have to go so that a pod fits. Source: kube-scheduler's {@code
 * DefaultPreemption}, without regard to disruption budgets.
 */
final class Preemption {

    private static final Comparator<ObjectNode> IMPORTANT_FIRST =
            Comparator.<ObjectNode>comparingInt(ClusterView::priority)
                    .reversed()
                    .thenComparing(Preemption::started)
                    .thenComparing(Meta::name);

    private Preemption() {}

    /**
     * The node that is cleared, and what it loses.
     *
     * @param why when there is none: what the scheduler says after {@code preemption:}
     */
    record Plan(@Nullable ObjectNode node, List<ObjectNode> victims, String why) {

        private static Plan none(String why) {
            return new Plan(null, List.of(), why);
        }
    }

    private static Instant started(ObjectNode pod) {
        return Meta.instant(Fields.text(pod, "status", "startTime"));
    }

    /**
     * Plans.
     *
     * @param refused the nodes that do not take the pod, with their outcomes
     */
    static Plan plan(
            ObjectNode pod, Map<ObjectNode, NodeFilter.Outcome> refused, ClusterView view) {
        if (Fields.text(pod, "spec", "preemptionPolicy").equals("Never")) {
            return Plan.none("not eligible due to preemptionPolicy=Never.");
        }
        if (waitsForVictims(pod, view)) {
            return Plan.none("not eligible due to a terminating pod on the nominated node.");
        }
        Map<String, Integer> reasons = new TreeMap<>();
        List<Plan> plans = new ArrayList<>();
        for (Map.Entry<ObjectNode, NodeFilter.Outcome> entry : refused.entrySet()) {
            ObjectNode node = entry.getKey();
            List<ObjectNode> lesser =
                    view.on(node).stream()
                            .filter(
                                    other ->
                                            ClusterView.priority(other) < ClusterView.priority(pod))
                            .toList();
            if (!entry.getValue().resolvable()) {
                reasons.merge("Preemption is not helpful for scheduling", 1, Integer::sum);
            } else if (lesser.isEmpty()) {
                reasons.merge("No preemption victims found for incoming pod", 1, Integer::sum);
            } else {
                NodeFilter.Outcome cleared = NodeFilter.check(pod, node, view.without(lesser));
                if (cleared.fits()) {
                    plans.add(new Plan(node, victims(pod, node, lesser, view), ""));
                } else {
                    cleared.reasons().forEach(why -> reasons.merge(why, 1, Integer::sum));
                }
            }
        }
        return plans.stream()
                .min(
                        Comparator.comparingInt(Preemption::worst)
                                .thenComparingInt(p -> p.victims().size()))
                .orElseGet(
                        () -> Plan.none(SchedulingText.unavailable(refused.size(), reasons) + "."));
    }

    private static int worst(Plan plan) {
        return plan.victims().stream().mapToInt(ClusterView::priority).max().orElse(0);
    }

    private static boolean waitsForVictims(ObjectNode pod, ClusterView view) {
        String nominated = ClusterView.nominated(pod);
        return !nominated.isEmpty()
                && view.placed().stream()
                        .anyMatch(
                                other ->
                                        ClusterView.nodeName(other).equals(nominated)
                                                && Meta.deleting(other)
                                                && ClusterView.priority(other)
                                                        < ClusterView.priority(pod));
    }

    /** All of lower priority, but those that the pod leaves room for, important ones first. */
    private static List<ObjectNode> victims(
            ObjectNode pod, ObjectNode node, List<ObjectNode> lesser, ClusterView view) {
        List<ObjectNode> gone = new ArrayList<>(lesser);
        for (ObjectNode candidate : lesser.stream().sorted(IMPORTANT_FIRST).toList()) {
            gone.remove(candidate);
            if (!NodeFilter.check(pod, node, view.without(gone)).fits()) {
                gone.add(candidate);
            }
        }
        return gone;
    }
}
