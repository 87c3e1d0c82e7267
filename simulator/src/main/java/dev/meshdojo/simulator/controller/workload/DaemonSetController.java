package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.IntOrPercent;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.scheduling.NodeFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one pod of each DaemonSet on every node that suits. Source: Kubernetes' {@code
 * pkg/controller/daemon}. Not modelled: {@code maxSurge}.
 */
public final class DaemonSetController extends Controller {

    private static final String REVISION = "controller-revision-hash";
    private static final String GENERATION = "deprecated.daemonset.template.generation";

    private final Informer sets;
    private final Informer pods;
    private final Informer nodes;
    private final Ownership ownership;
    private final Revisions revisions;
    private final PodControl control;

    /** Subscribes; runs once started. */
    public DaemonSetController(ControllerContext context) {
        super("daemonset-controller", context);
        this.sets = context.informer("apps", "daemonsets");
        this.pods = context.informer("pods");
        this.nodes = context.informer("nodes");
        this.ownership = new Ownership(context, "", "pods");
        this.revisions = new Revisions(context, REVISION);
        this.control = new PodControl(context, new EventRecorder(context, name()));
        sets.onEach(set -> queue.add(Meta.objectName(set)));
        pods.onChange(
                (before, after) -> {
                    enqueue(before);
                    enqueue(after);
                });
        nodes.onChange(
                (before, after) -> {
                    boolean same =
                            before != null
                                    && after != null
                                    && Meta.labels(before).equals(Meta.labels(after))
                                    && Fields.same(before.path("spec"), after.path("spec"));
                    if (!same) {
                        sets.list("").forEach(set -> queue.add(Meta.objectName(set)));
                    }
                });
    }

    private void enqueue(@Nullable ObjectNode pod) {
        if (pod != null) {
            enqueueOwner(pod, "DaemonSet");
        }
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode set = sets.get(target);
        if (set == null || Meta.deleting(set)) {
            return;
        }
        LabelSelector selector = LabelSelector.of(Fields.at(set, "spec", "selector"));
        List<ObjectNode> owned = ownership.claim(set, selector);
        List<ObjectNode> history = revisions.of(set);
        ObjectNode revision = revisions.current(set, history);
        String hash = revisions.hash(revision);
        Map<String, List<ObjectNode>> byNode = byNode(owned);
        for (ObjectNode node : nodes.list("")) {
            place(set, node, byNode.getOrDefault(Meta.name(node), List.of()), hash);
        }
        roll(set, byNode, hash);
        writeStatus(set, byNode(pods.ownedBy(set)), hash);
        Set<String> used = new HashSet<>(Set.of(Meta.name(revision)));
        owned.forEach(
                pod ->
                        used.add(
                                Meta.name(set)
                                        + "-"
                                        + Meta.labels(pod).getOrDefault(REVISION, "")));
        revisions.prune(set, revisions.of(set), used);
    }

    private static Map<String, List<ObjectNode>> byNode(List<ObjectNode> owned) {
        Map<String, List<ObjectNode>> byNode = new TreeMap<>();
        owned.forEach(
                pod -> byNode.computeIfAbsent(nodeOf(pod), absent -> new ArrayList<>()).add(pod));
        return byNode;
    }

    /** The node a daemon pod is on or meant for. */
    private static String nodeOf(ObjectNode pod) {
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

    private void place(ObjectNode set, ObjectNode node, List<ObjectNode> here, String hash) {
        List<ObjectNode> active = here.stream().filter(pod -> !Meta.deleting(pod)).toList();
        for (ObjectNode pod : active) {
            if (Pods.finished(pod)) {
                control.delete(pod, set);
            }
        }
        ObjectNode wanted = pod(set, node, hash);
        if (!NodeFilter.suits(wanted, node)) {
            active.stream().filter(Pods::active).forEach(pod -> control.delete(pod, set));
        } else if (here.stream().noneMatch(pod -> !Pods.finished(pod))) {
            control.create(wanted, set);
        }
    }

    private static ObjectNode pod(ObjectNode set, ObjectNode node, String hash) {
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

    private void roll(ObjectNode set, Map<String, List<ObjectNode>> byNode, String hash) {
        JsonNode strategy = Fields.at(set, "spec", "updateStrategy");
        if (Fields.text(strategy, "type").equals("OnDelete")) {
            return;
        }
        JsonNode limit = Fields.at(strategy, "rollingUpdate", "maxUnavailable");
        int most = limit.isMissingNode() ? 1 : Math.max(1, IntOrPercent.up(limit, byNode.size()));
        int minReady = Fields.number(set, "spec", "minReadySeconds");
        List<ObjectNode> old = new ArrayList<>();
        int unavailable = 0;
        for (List<ObjectNode> here : byNode.values()) {
            for (ObjectNode pod : here) {
                boolean available = Pods.available(pod, minReady, context.now());
                boolean outdated = !hash.equals(Meta.labels(pod).get(REVISION));
                if (Meta.deleting(pod) || (!available && !outdated)) {
                    unavailable++;
                } else if (outdated && !available) {
                    unavailable++;
                    old.addFirst(pod);
                } else if (outdated) {
                    old.add(pod);
                }
            }
        }
        for (ObjectNode pod : old) {
            boolean available = Pods.available(pod, minReady, context.now());
            if (!available || unavailable < most) {
                control.delete(pod, set);
                unavailable += available ? 1 : 0;
            }
        }
    }

    private void writeStatus(ObjectNode set, Map<String, List<ObjectNode>> byNode, String hash) {
        int minReady = Fields.number(set, "spec", "minReadySeconds");
        int desired = 0;
        int current = 0;
        int misscheduled = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        for (ObjectNode node : nodes.list("")) {
            List<ObjectNode> here =
                    byNode.getOrDefault(Meta.name(node), List.of()).stream()
                            .filter(pod -> !Meta.deleting(pod))
                            .toList();
            if (!NodeFilter.suits(pod(set, node, hash), node)) {
                misscheduled += here.isEmpty() ? 0 : 1;
                continue;
            }
            desired++;
            if (here.isEmpty()) {
                continue;
            }
            ObjectNode pod = here.getFirst();
            current++;
            ready += Pods.ready(pod) ? 1 : 0;
            available += Pods.available(pod, minReady, context.now()) ? 1 : 0;
            updated += hash.equals(Meta.labels(pod).get(REVISION)) ? 1 : 0;
        }
        ObjectNode status = Fields.object();
        status.put("currentNumberScheduled", current).put("desiredNumberScheduled", desired);
        put(status, "numberAvailable", available);
        status.put("numberMisscheduled", misscheduled).put("numberReady", ready);
        put(status, "numberUnavailable", desired - available);
        status.put("observedGeneration", Meta.generation(set));
        put(status, "updatedNumberScheduled", updated);
        storeStatus(
                sets,
                new ResourceKey("apps", "daemonsets", Meta.namespace(set), Meta.name(set)),
                set,
                status);
    }

    private static void put(ObjectNode status, String field, int value) {
        if (value != 0) {
            status.put(field, value);
        }
    }
}
