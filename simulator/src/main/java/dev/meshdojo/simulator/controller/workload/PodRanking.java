package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import java.util.Comparator;
import java.util.List;

/**
 * Which pods go first when there are too many: unscheduled, pending, unready, cheap to delete,
 * young, often restarted. Source: client-go's {@code ActivePodsWithRanks}.
 */
final class PodRanking {

    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    private static final Comparator<ObjectNode> ORDER =
            Comparator.<ObjectNode, Boolean>comparing(Pods::scheduled)
                    .thenComparingInt(PodRanking::phaseRank)
                    .thenComparing(Pods::ready)
                    .thenComparingInt(PodRanking::deletionCost)
                    .thenComparing(Pods::readySince, Comparator.reverseOrder())
                    .thenComparing(Pods::restarts, Comparator.reverseOrder())
                    .thenComparing(Meta::created, Comparator.reverseOrder())
                    .thenComparing(Meta::name);

    private PodRanking() {}

    static List<ObjectNode> victims(List<ObjectNode> pods, int count) {
        return pods.stream().sorted(ORDER).limit(count).toList();
    }

    private static int phaseRank(ObjectNode pod) {
        return switch (Pods.phase(pod)) {
            case "Pending" -> 0;
            case "Unknown" -> 1;
            default -> 2;
        };
    }

    private static int deletionCost(ObjectNode pod) {
        return Fields.at(pod, "metadata", "annotations", DELETION_COST).asInt(0);
    }
}
