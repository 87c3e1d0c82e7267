package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.object.TemplateHash;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one pod of each DaemonSet on every node that suits. Source: Kubernetes' {@code
 * pkg/controller/daemon}.
 */
public final class DaemonSetController extends Controller {

    private static final Comparator<ObjectNode> OLDEST_FIRST =
            Comparator.<ObjectNode, Boolean>comparing(pod -> !Pods.scheduled(pod))
                    .thenComparing(Meta.BY_AGE);

    private final Informer sets;
    private final Informer pods;
    private final Informer nodes;
    private final Ownership ownership;
    private final Revisions revisions;
    private final EventRecorder events;
    private final PodControl control;

    /** Subscribes; runs once started. */
    public DaemonSetController(ControllerContext context) {
        super("daemonset-controller", context);
        this.sets = context.informer("apps", "daemonsets");
        this.pods = context.informer("pods");
        this.nodes = context.informer("nodes");
        this.ownership = new Ownership(context, "", "pods");
        this.revisions =
                new Revisions(
                        context,
                        DaemonPods.REVISION,
                        (data, collisions) ->
                                TemplateHash.of(Fields.at(data, "spec", "template"), collisions));
        this.events = new EventRecorder(context, name());
        this.control = new PodControl(context, events);
        sets.onEach(set -> queue.add(Meta.objectName(set)));
        pods.onChange(
                (before, after) -> {
                    enqueue(before);
                    enqueue(after);
                });
        nodes.onChange(
                (before, after) -> {
                    if (before == null || after == null) {
                        sets.list("").forEach(set -> queue.add(Meta.objectName(set)));
                    } else if (!Meta.labels(before).equals(Meta.labels(after))
                            || !Fields.same(before.path("spec"), after.path("spec"))) {
                        nodeChanged(after);
                    }
                });
    }

    /** Looks again at the sets for which a changed node matters; others keep their status. */
    private void nodeChanged(ObjectNode node) {
        for (ObjectNode set : sets.list("")) {
            DaemonPods.Place place = DaemonPods.place(set, node);
            boolean scheduled =
                    pods.ownedBy(set).stream()
                            .anyMatch(pod -> DaemonPods.nodeOf(pod).equals(Meta.name(node)));
            boolean misplaced = Fields.number(set, "status", "numberMisscheduled") > 0;
            if (scheduled ? !place.stay() || misplaced : place.run()) {
                queue.add(Meta.objectName(set));
            }
        }
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
        ApiException failure = null;
        try {
            Map<String, List<ObjectNode>> byNode = byNode(owned);
            for (ObjectNode node : nodes.list("")) {
                place(set, node, byNode.getOrDefault(Meta.name(node), List.of()), hash);
            }
            roll(set, byNode(pods.ownedBy(set)), hash);
        } catch (ApiException e) {
            failure = e;
        }
        writeStatus(set, byNode(pods.ownedBy(set)), hash);
        if (failure != null) {
            throw failure;
        }
        Set<String> used = new HashSet<>(Set.of(Meta.name(revision)));
        owned.forEach(
                pod ->
                        used.add(
                                Meta.name(set)
                                        + "-"
                                        + Meta.labels(pod).getOrDefault(DaemonPods.REVISION, "")));
        revisions.prune(set, revisions.of(set), used);
    }

    private static Map<String, List<ObjectNode>> byNode(List<ObjectNode> owned) {
        Map<String, List<ObjectNode>> byNode = new TreeMap<>();
        owned.stream()
                .sorted(OLDEST_FIRST)
                .forEach(
                        pod ->
                                byNode.computeIfAbsent(
                                                DaemonPods.nodeOf(pod), absent -> new ArrayList<>())
                                        .add(pod));
        return byNode;
    }

    private void place(ObjectNode set, ObjectNode node, List<ObjectNode> here, String hash) {
        DaemonPods.Place place = DaemonPods.place(set, node);
        if (place.run() && here.isEmpty()) {
            control.create(DaemonPods.pod(set, node, hash), set);
        } else if (place.stay()) {
            keep(set, node, here, hash, place.run());
        } else {
            here.stream()
                    .filter(pod -> !Meta.deleting(pod))
                    .forEach(pod -> control.delete(pod, set));
        }
    }

    private void keep(
            ObjectNode set, ObjectNode node, List<ObjectNode> here, String hash, boolean run) {
        List<ObjectNode> running = new ArrayList<>();
        for (ObjectNode pod : here) {
            if (Pods.active(pod)) {
                running.add(pod);
            } else if (Pods.finished(pod) && !Meta.deleting(pod)) {
                replaceEnded(set, node, pod);
            }
        }
        boolean surges = DaemonRollout.surge(set, 1) > 0;
        if (surges && running.isEmpty() && run) {
            control.create(DaemonPods.pod(set, node, hash), set);
        } else if (running.size() > 1) {
            (surges ? excess(set, running, hash) : running.subList(1, running.size()))
                    .forEach(pod -> control.delete(pod, set));
        }
    }

    private void replaceEnded(ObjectNode set, ObjectNode node, ObjectNode pod) {
        boolean failed = Pods.phase(pod).equals("Failed");
        events.event(
                set,
                failed ? EventRecorder.WARNING : EventRecorder.NORMAL,
                failed ? "FailedDaemonPod" : "SucceededDaemonPod",
                "Found %s daemon pod %s/%s on node %s, will try to %s it"
                        .formatted(
                                failed ? "failed" : "succeeded",
                                Meta.namespace(pod),
                                Meta.name(pod),
                                Meta.name(node),
                                failed ? "kill" : "delete"));
        control.delete(pod, set);
    }

    /** While two pods may run on a node: all but the oldest old and the oldest new one. */
    private List<ObjectNode> excess(ObjectNode set, List<ObjectNode> running, String hash) {
        List<ObjectNode> doomed = new ArrayList<>();
        ObjectNode updated = null;
        ObjectNode old = null;
        for (ObjectNode pod : running) {
            if (hash.equals(Meta.labels(pod).get(DaemonPods.REVISION)) && updated == null) {
                updated = pod;
            } else if (!hash.equals(Meta.labels(pod).get(DaemonPods.REVISION)) && old == null) {
                old = pod;
            } else {
                doomed.add(pod);
            }
        }
        int minReady = Fields.number(set, "spec", "minReadySeconds");
        if (updated != null
                && old != null
                && (!Pods.ready(old) || Pods.available(updated, minReady, context.now()))) {
            doomed.add(old);
        }
        return doomed;
    }

    private void roll(ObjectNode set, Map<String, List<ObjectNode>> byNode, String hash) {
        if (Fields.text(set, "spec", "updateStrategy", "type").equals("OnDelete")) {
            return;
        }
        Map<String, ObjectNode> suitable = new TreeMap<>();
        for (ObjectNode node : nodes.list("")) {
            if (DaemonPods.place(set, node).run()) {
                suitable.put(Meta.name(node), node);
            }
        }
        DaemonRollout.Step step =
                new DaemonRollout(set, hash, suitable.size(), context.now())
                        .next(byNode, suitable.keySet());
        step.doomed().forEach(pod -> control.delete(pod, set));
        for (String name : step.crowded()) {
            ObjectNode node = suitable.get(name);
            if (node != null) {
                control.create(DaemonPods.pod(set, node, hash), set);
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
            List<ObjectNode> here = byNode.getOrDefault(Meta.name(node), List.of());
            if (!DaemonPods.place(set, node).run()) {
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
            updated += hash.equals(Meta.labels(pod).get(DaemonPods.REVISION)) ? 1 : 0;
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
        if (minReady > 0 && ready > available) {
            queue.addAfter(Meta.objectName(set), Duration.ofSeconds(minReady));
        }
    }

    private static void put(ObjectNode status, String field, int value) {
        if (value != 0) {
            status.put(field, value);
        }
    }
}
