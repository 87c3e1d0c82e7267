package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.IntOrPercent;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which old pods of a DaemonSet go, and which nodes get a second, new pod beside the old one.
 * Source: Kubernetes' {@code daemon/update.go}.
 */
final class DaemonRollout {

    private final ObjectNode set;
    private final String hash;
    private final Instant now;
    private final int surge;
    private final int mostUnavailable;

    /**
     * @param wanted on how many nodes a pod should run
     */
    DaemonRollout(ObjectNode set, String hash, int wanted, Instant now) {
        this.set = set;
        this.hash = hash;
        this.now = now;
        JsonNode limits = Fields.at(set, "spec", "updateStrategy", "rollingUpdate");
        this.surge = surge(set, wanted);
        JsonNode most = limits.path("maxUnavailable");
        int unavailable = most.isMissingNode() ? 1 : IntOrPercent.up(most, wanted);
        this.mostUnavailable = surge == 0 ? Math.max(1, unavailable) : unavailable;
    }

    /** How many nodes may have two pods during an update. */
    static int surge(ObjectNode set, int wanted) {
        JsonNode strategy = Fields.at(set, "spec", "updateStrategy");
        JsonNode most = Fields.at(strategy, "rollingUpdate", "maxSurge");
        boolean rolling = Fields.text(strategy, "type").equals("RollingUpdate");
        return !rolling || most.isMissingNode() ? 0 : IntOrPercent.up(most, wanted);
    }

    /**
     * One step.
     *
     * @param doomed pods to delete
     * @param crowded names of nodes that get a new pod beside their old one
     */
    record Step(List<ObjectNode> doomed, List<String> crowded) {}

    private record OnNode(@Nullable ObjectNode updated, @Nullable ObjectNode old, boolean clear) {}

    /**
     * The next step.
     *
     * @param suitable names of the nodes where a pod should run
     */
    Step next(Map<String, List<ObjectNode>> byNode, Set<String> suitable) {
        return surge == 0 ? replace(byNode) : crowd(byNode, suitable);
    }

    private Step replace(Map<String, List<ObjectNode>> byNode) {
        List<ObjectNode> doomed = new ArrayList<>();
        List<ObjectNode> candidates = new ArrayList<>();
        int unavailable = 0;
        for (List<ObjectNode> here : byNode.values()) {
            OnNode pods = sort(here);
            ObjectNode old = pods.old();
            ObjectNode updated = pods.updated();
            if (!pods.clear() || (old != null && updated != null)) {
                unavailable++;
            } else if (old == null) {
                unavailable += available(updated) ? 0 : 1;
            } else if (!available(old)) {
                doomed.add(old);
                unavailable++;
            } else {
                candidates.add(old);
            }
        }
        int room = Math.clamp(mostUnavailable - unavailable, 0, candidates.size());
        doomed.addAll(candidates.subList(0, room));
        return new Step(doomed, List.of());
    }

    private Step crowd(Map<String, List<ObjectNode>> byNode, Set<String> suitable) {
        List<ObjectNode> doomed = new ArrayList<>();
        List<ObjectNode> misplaced = new ArrayList<>();
        List<String> crowded = new ArrayList<>();
        List<String> candidates = new ArrayList<>();
        int surging = 0;
        int availableNodes = 0;
        for (Map.Entry<String, List<ObjectNode>> entry : byNode.entrySet()) {
            OnNode pods = sort(entry.getValue());
            ObjectNode old = pods.old();
            if (!pods.clear()) {
                surging++;
                continue;
            }
            availableNodes += available(old == null ? pods.updated() : old) ? 1 : 0;
            if (old == null) {
                continue;
            }
            boolean suits = suitable.contains(entry.getKey());
            if (pods.updated() != null) {
                if (available(pods.updated())) {
                    doomed.add(old);
                } else {
                    surging++;
                }
            } else if (available(old)) {
                if (suits) {
                    candidates.add(entry.getKey());
                } else {
                    misplaced.add(old);
                }
            } else if (suits) {
                crowded.add(entry.getKey());
            } else {
                doomed.add(old);
            }
        }
        int spare = Math.clamp(availableNodes - suitable.size(), 0, misplaced.size());
        doomed.addAll(misplaced.subList(0, spare));
        int room = Math.clamp(surge - surging, 0, candidates.size());
        crowded.addAll(candidates.subList(0, room));
        return new Step(doomed, crowded);
    }

    private OnNode sort(List<ObjectNode> here) {
        ObjectNode updated = null;
        ObjectNode old = null;
        boolean clear = true;
        for (ObjectNode pod : here) {
            if (Meta.deleting(pod)) {
                continue;
            }
            if (hash.equals(Meta.labels(pod).get(DaemonPods.REVISION))) {
                clear &= updated == null;
                updated = pod;
            } else {
                clear &= old == null;
                old = pod;
            }
        }
        return new OnNode(updated, old, clear);
    }

    private boolean available(@Nullable ObjectNode pod) {
        return pod != null
                && Pods.available(pod, Fields.number(set, "spec", "minReadySeconds"), now);
    }
}
