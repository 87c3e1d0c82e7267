package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.object.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * Whether a node takes a pod by its labels and taints alone, however full it is.
     *
     * @param pod with selector, affinity and tolerations
     */
    public static boolean suits(ObjectNode pod, ObjectNode node) {
        for (JsonNode taint : Fields.at(node, "spec", "taints")) {
            boolean hard = !Fields.text(taint, "effect").equals("PreferNoSchedule");
            if (hard && !tolerates(pod, taint)) {
                return false;
            }
        }
        return affine(pod, node);
    }

    static Outcome check(
            ObjectNode pod, ObjectNode node, List<ObjectNode> onNode, List<ObjectNode> everywhere) {
        if (Fields.flag(node, "spec", "unschedulable")
                && !tolerates(
                        pod,
                        Fields.object()
                                .put("key", "node.kubernetes.io/unschedulable")
                                .put("effect", "NoSchedule"))) {
            return Outcome.never("node(s) were unschedulable");
        }
        for (JsonNode taint : Fields.at(node, "spec", "taints")) {
            boolean hard = !Fields.text(taint, "effect").equals("PreferNoSchedule");
            if (hard && !tolerates(pod, taint)) {
                return Outcome.never("node(s) had untolerated taint(s)");
            }
        }
        if (!affine(pod, node)) {
            return Outcome.never("node(s) didn't match Pod's node affinity/selector");
        }
        if (portsTaken(pod, onNode)) {
            return Outcome.crowded("node(s) didn't have free ports for the requested pod ports");
        }
        Outcome resources = resources(pod, node, onNode);
        return resources.fits() ? PodAffinity.check(pod, node, everywhere) : resources;
    }

    private static boolean tolerates(ObjectNode pod, JsonNode taint) {
        for (JsonNode toleration : Fields.at(pod, "spec", "tolerations")) {
            String effect = Fields.text(toleration, "effect");
            String key = Fields.text(toleration, "key");
            boolean exists = Fields.text(toleration, "operator").equals("Exists");
            boolean sameKey = key.isEmpty() ? exists : key.equals(Fields.text(taint, "key"));
            boolean sameEffect = effect.isEmpty() || effect.equals(Fields.text(taint, "effect"));
            boolean sameValue =
                    exists || Fields.text(toleration, "value").equals(Fields.text(taint, "value"));
            if (sameKey && sameEffect && sameValue) {
                return true;
            }
        }
        return false;
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
        if (!terms.isArray()) {
            return true;
        }
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
        List<ObjectNode> running = onNode.stream().filter(other -> !Pods.finished(other)).toList();
        List<String> reasons = new ArrayList<>();
        boolean resolvable = true;
        BigDecimal slots = total.getOrDefault("pods", BigDecimal.valueOf(110));
        if (running.size() + 1 > slots.intValue()) {
            reasons.add("Too many pods");
        }
        Map<String, BigDecimal> used = new TreeMap<>();
        running.forEach(
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
