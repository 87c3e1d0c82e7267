package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes and the pods on them at one moment, as the scheduler sees them. Immutable. */
final class ClusterView {

    private final List<ObjectNode> nodes;
    private final List<ObjectNode> pods;
    private final Map<String, ObjectNode> byName = new HashMap<>();

    /**
     * @param pods all pods, also those without a node
     */
    ClusterView(List<ObjectNode> nodes, List<ObjectNode> pods) {
        this.nodes = List.copyOf(nodes);
        this.pods =
                pods.stream()
                        .filter(pod -> !nodeName(pod).isEmpty() && !Pods.finished(pod))
                        .toList();
        nodes.forEach(node -> byName.put(Meta.name(node), node));
    }

    /** Where a pod is, or where place was made for it. */
    static String nodeName(ObjectNode pod) {
        String bound = Fields.text(pod, "spec", "nodeName");
        return bound.isEmpty() ? nominated(pod) : bound;
    }

    static String nominated(ObjectNode pod) {
        return Fields.text(pod, "status", "nominatedNodeName");
    }

    static int priority(JsonNode pod) {
        return Fields.number(pod, "spec", "priority");
    }

    List<ObjectNode> nodes() {
        return nodes;
    }

    /** All pods that have a place. */
    List<ObjectNode> placed() {
        return pods;
    }

    List<ObjectNode> on(ObjectNode node) {
        String name = Meta.name(node);
        return pods.stream().filter(pod -> nodeName(pod).equals(name)).toList();
    }

    /** What matters to one pod: not itself, and places made for others only if they go first. */
    ClusterView seenBy(ObjectNode pod) {
        List<ObjectNode> seen =
                pods.stream()
                        .filter(other -> !Meta.uid(other).equals(Meta.uid(pod)))
                        .filter(other -> Pods.scheduled(other) || priority(other) >= priority(pod))
                        .toList();
        return new ClusterView(nodes, seen);
    }

    ClusterView without(List<ObjectNode> gone) {
        return new ClusterView(nodes, pods.stream().filter(pod -> !gone.contains(pod)).toList());
    }

    /** The value of a node label where a pod is; null when it has none. */
    @Nullable String topology(ObjectNode pod, String key) {
        ObjectNode node = byName.get(nodeName(pod));
        return node == null ? null : Meta.labels(node).get(key);
    }
}
