package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether a pod fits on a node, with the scheduler's reasons when it does not. Source: the filter
 * plugins of kube-scheduler's default profile, in their order; the first that refuses speaks. Not
 * modelled: volumes beyond their claims, dynamic resources, image locality.
 */
public final class NodeFilter {

    private NodeFilter() {}

    /**
     * Why a pod does not fit.
     *
     * @param reasons empty when it fits
     * @param resolvable whether evicting other pods could help
     */
    public record Outcome(List<String> reasons, boolean resolvable) {

        static final Outcome FITS = new Outcome(List.of(), false);

        /** Whether the pod fits. */
        public boolean fits() {
            return reasons.isEmpty();
        }

        static Outcome never(String reason) {
            return new Outcome(List.of(reason), false);
        }

        static Outcome crowded(String reason) {
            return new Outcome(List.of(reason), true);
        }
    }

    /** Whether a node has the labels and the name that a pod asks for. */
    public static boolean matches(ObjectNode pod, ObjectNode node) {
        return affine(pod, node);
    }

    /** Whether a pod tolerates the taints of a node that have one of the effects. */
    public static boolean tolerates(ObjectNode pod, ObjectNode node, Set<String> effects) {
        for (JsonNode taint : Fields.at(node, "spec", "taints")) {
            if (effects.contains(Fields.text(taint, "effect")) && !tolerates(pod, taint)) {
                return false;
            }
        }
        return true;
    }

    static Outcome check(ObjectNode pod, ObjectNode node, ClusterView view) {
        List<ObjectNode> onNode = view.on(node);
        if (Fields.flag(node, "spec", "unschedulable")
                && !tolerates(
                        pod,
                        Fields.object()
                                .put("key", "node.kubernetes.io/unschedulable")
                                .put("effect", "NoSchedule"))) {
            return Outcome.never("node(s) were unschedulable");
        }
        if (!tolerates(pod, node, Set.of("NoSchedule", "NoExecute"))) {
            return Outcome.never("node(s) had untolerated taint(s)");
        }
        if (!affine(pod, node)) {
            return Outcome.never("node(s) didn't match Pod's node affinity/selector");
        }
        if (portsTaken(pod, onNode)) {
            return Outcome.crowded("node(s) didn't have free ports for the requested pod ports");
        }
        Outcome resources = resources(pod, node, onNode);
        if (!resources.fits()) {
            return resources;
        }
        Outcome spread = TopologySpread.check(pod, node, view);
        return spread.fits() ? PodAffinity.check(pod, node, view) : spread;
    }

    private static boolean tolerates(ObjectNode pod, JsonNode taint) {
        return !toleration(pod, taint).isMissingNode();
    }

    /** The first toleration of a pod that covers a taint; missing when none does. */
    public static JsonNode toleration(ObjectNode pod, JsonNode taint) {
        for (JsonNode toleration : Fields.at(pod, "spec", "tolerations")) {
            String effect = Fields.text(toleration, "effect");
            String key = Fields.text(toleration, "key");
            boolean exists = Fields.text(toleration, "operator").equals("Exists");
            boolean sameKey = key.isEmpty() ? exists : key.equals(Fields.text(taint, "key"));
            boolean sameEffect = effect.isEmpty() || effect.equals(Fields.text(taint, "effect"));
            boolean sameValue =
                    exists || Fields.text(toleration, "value").equals(Fields.text(taint, "value"));
            if (sameKey && sameEffect && sameValue) {
                return toleration;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean affine(ObjectNode pod, ObjectNode node) {
        JsonNode wanted = Fields.at(pod, "spec", "nodeSelector");
        if (wanted.isObject() && !LabelSelector.ofMap(wanted).matches(Meta.labels(node))) {
            return false;
        }
        JsonNode terms =
                Fields.at(
                        pod,
                        "spec",
                        "affinity",
                        "nodeAffinity",
                        "requiredDuringSchedulingIgnoredDuringExecution",
                        "nodeSelectorTerms");
        return !terms.isArray() || matchesTerms(terms, node);
    }

    /** Whether a node matches one of the terms of a node selector. */
    static boolean matchesTerms(JsonNode terms, ObjectNode node) {
        Map<String, String> fields = Map.of("metadata.name", Meta.name(node));
        for (JsonNode term : terms) {
            JsonNode labels = Fields.at(term, "matchExpressions");
            JsonNode names = Fields.at(term, "matchFields");
            if (labels.isEmpty() && names.isEmpty()) {
                continue;
            }
            if (LabelSelector.ofExpressions(labels).matches(Meta.labels(node))
                    && LabelSelector.ofExpressions(names).matches(fields)) {
                return true;
            }
        }
        return false;
    }

    private static boolean portsTaken(ObjectNode pod, List<ObjectNode> onNode) {
        List<String> wanted = hostPorts(pod);
        return !wanted.isEmpty()
                && onNode.stream()
                        .flatMap(other -> hostPorts(other).stream())
                        .anyMatch(wanted::contains);
    }

    private static List<String> hostPorts(ObjectNode pod) {
        List<String> ports = new ArrayList<>();
        for (JsonNode container : Fields.at(pod, "spec", "containers")) {
            for (JsonNode port : Fields.at(container, "ports")) {
                int number = Fields.number(port, "hostPort");
                if (number > 0) {
                    String protocol = Fields.text(port, "protocol");
                    ports.add(number + "/" + (protocol.isEmpty() ? "TCP" : protocol));
                }
            }
        }
        return ports;
    }

    private static Outcome resources(ObjectNode pod, ObjectNode node, List<ObjectNode> onNode) {
        Map<String, BigDecimal> total = new HashMap<>();
        Fields.strings(node, "status", "allocatable")
                .forEach((name, text) -> total.put(name, Quantity.parse(text)));
        List<String> reasons = new ArrayList<>();
        boolean resolvable = true;
        BigDecimal slots = total.getOrDefault("pods", BigDecimal.valueOf(110));
        if (onNode.size() + 1 > slots.intValue()) {
            reasons.add("Too many pods");
        }
        Map<String, BigDecimal> used = new TreeMap<>();
        onNode.forEach(
                other ->
                        PodResources.requests(other)
                                .forEach((name, n) -> used.merge(name, n, BigDecimal::add)));
        for (Map.Entry<String, BigDecimal> request : PodResources.requests(pod).entrySet()) {
            BigDecimal most = total.getOrDefault(request.getKey(), BigDecimal.ZERO);
            BigDecimal taken = used.getOrDefault(request.getKey(), BigDecimal.ZERO);
            if (request.getValue().signum() > 0
                    && request.getValue().add(taken).compareTo(most) > 0) {
                reasons.add("Insufficient " + request.getKey());
                resolvable &= request.getValue().compareTo(most) <= 0;
            }
        }
        return reasons.isEmpty() ? Outcome.FITS : new Outcome(List.copyOf(reasons), resolvable);
    }
}
