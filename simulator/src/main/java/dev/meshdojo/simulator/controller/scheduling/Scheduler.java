package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Binds pods to nodes, or says why none will do. A pod that did not fit is tried again when nodes
 * or other pods change. Source: kube-scheduler's default profile; without scores, the first node in
 * name order that fits is taken.
 */
public final class Scheduler extends Controller {

    private static final String NAME = "default-scheduler";

    private final Informer pods;
    private final Informer nodes;
    private final PodClaims podClaims;
    private final SchedulingEvents events;

    /** Subscribes; runs once started. */
    public Scheduler(ControllerContext context) {
        super("kube-scheduler", context);
        this.pods = context.informer("pods");
        this.nodes = context.informer("nodes");
        this.podClaims = new PodClaims(context);
        this.events = new SchedulingEvents(context, NAME);
        pods.onChange(
                (before, after) -> {
                    if (after == null || (Pods.finished(after) && Pods.scheduled(after))) {
                        retryAll();
                    } else if (waits(after) && (before == null || mattersFor(before, after))) {
                        queue.add(Meta.objectName(after));
                    }
                });
        nodes.onChange(
                (before, after) -> {
                    if (before == null || after == null || fitChanged(before, after)) {
                        retryAll();
                    }
                });
        context.informer("persistentvolumeclaims").onEach(claim -> retryAll());
        context.informer("persistentvolumes").onEach(volume -> retryAll());
    }

    /** Whether a change of a pod can make it fit; what is said of it cannot. */
    private static boolean mattersFor(ObjectNode before, ObjectNode after) {
        return !Fields.same(before.path("spec"), after.path("spec"))
                || !Meta.labels(before).equals(Meta.labels(after));
    }

    private static boolean fitChanged(ObjectNode before, ObjectNode after) {
        return !Fields.same(before.path("spec"), after.path("spec"))
                || !Meta.labels(before).equals(Meta.labels(after))
                || !Fields.same(
                        Fields.at(before, "status", "allocatable"),
                        Fields.at(after, "status", "allocatable"));
    }

    private void retryAll() {
        pods.list("").stream()
                .filter(Scheduler::waits)
                .sorted(
                        Comparator.<ObjectNode>comparingInt(ClusterView::priority)
                                .reversed()
                                .thenComparing(Meta.BY_AGE))
                .forEach(pod -> queue.add(Meta.objectName(pod)));
    }

    private static boolean waits(ObjectNode pod) {
        String scheduler = Fields.text(pod, "spec", "schedulerName");
        return !Pods.scheduled(pod)
                && Pods.active(pod)
                && Fields.at(pod, "spec", "schedulingGates").isEmpty()
                && (scheduler.isEmpty() || scheduler.equals(NAME));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode pod = pods.get(target);
        if (pod == null || !waits(pod)) {
            return;
        }
        List<ObjectNode> candidates = nodes.list("");
        if (candidates.isEmpty()) {
            refuse(pod, "no nodes available to schedule pods");
            return;
        }
        String blocked = podClaims.blocked(pod);
        if (!blocked.isEmpty()) {
            refuse(
                    pod,
                    "0/" + candidates.size() + " nodes are available: " + blocked + ". not found");
            return;
        }
        ClusterView view = new ClusterView(candidates, pods.list("")).seenBy(pod);
        Map<String, Integer> reasons = new TreeMap<>();
        Map<ObjectNode, NodeFilter.Outcome> refused = new LinkedHashMap<>();
        for (ObjectNode node : candidates) {
            NodeFilter.Outcome outcome = NodeFilter.check(pod, node, view);
            if (outcome.fits()) {
                outcome = podClaims.check(pod, node);
            }
            if (outcome.fits()) {
                if (podClaims.settle(pod, node)) {
                    bind(pod, node);
                } else {
                    nominate(pod, Meta.name(node));
                }
                return;
            }
            outcome.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
            refused.put(node, outcome);
        }
        String why = SchedulingText.unavailable(candidates.size(), reasons) + ".";
        Preemption.Plan plan = Preemption.plan(pod, refused, view);
        ObjectNode cleared = plan.node();
        if (cleared == null) {
            refuse(pod, why + " no new claims to deallocate, preemption: " + plan.why());
        } else {
            preempt(pod, plan.victims(), Meta.name(cleared));
            refuse(pod, why);
        }
    }

    /** Deletes pods of lower priority, so that the pod fits on the node when it is tried again. */
    private void preempt(ObjectNode pod, List<ObjectNode> victims, String node) {
        for (ObjectNode victim : victims) {
            ResourceKey key =
                    ControllerContext.core("pods", Meta.namespace(victim), Meta.name(victim));
            ObjectNode told =
                    context.api().editStatus(key, copy -> copy == null ? null : targeted(copy));
            if (told == null || !Meta.uid(told).equals(Meta.uid(victim))) {
                continue;
            }
            context.api().delete(key);
            events.write(
                    victim,
                    "Normal",
                    "Preempted",
                    "Preempting",
                    "Preempted by pod " + Meta.uid(pod) + " on node " + node);
        }
        nominate(pod, node);
    }

    /** Notes where a pod will be once its place or its volumes are ready. */
    private void nominate(ObjectNode pod, String node) {
        ObjectNode stored =
                context.api()
                        .editStatus(
                                ControllerContext.core("pods", Meta.namespace(pod), Meta.name(pod)),
                                copy -> {
                                    if (copy != null) {
                                        Fields.child(copy, "status").put("nominatedNodeName", node);
                                    }
                                    return copy;
                                });
        if (stored != null) {
            pods.observe(stored);
        }
    }

    private ObjectNode targeted(ObjectNode victim) {
        ObjectNode status = Fields.child(victim, "status");
        Conditions.set(
                status,
                "DisruptionTarget",
                "True",
                "PreemptionByScheduler",
                NAME + ": preempting to accommodate a higher priority pod",
                context.now());
        return victim;
    }

    private void bind(ObjectNode pod, ObjectNode node) {
        String name = Meta.name(node);
        ObjectNode stored =
                context.api()
                        .bind(
                                ControllerContext.core("pods", Meta.namespace(pod), Meta.name(pod)),
                                name,
                                Meta.time(context.now()));
        if (stored == null || !Meta.uid(stored).equals(Meta.uid(pod))) {
            return;
        }
        pods.observe(stored);
        events.write(
                pod,
                "Normal",
                "Scheduled",
                "Binding",
                "Successfully assigned %s/%s to %s"
                        .formatted(Meta.namespace(pod), Meta.name(pod), name));
    }

    private void refuse(ObjectNode pod, String message) {
        condition(pod, message);
        events.write(pod, "Warning", "FailedScheduling", "Scheduling", message);
    }

    private void condition(ObjectNode pod, String message) {
        try {
            ObjectNode stored =
                    context.api()
                            .editStatus(
                                    ControllerContext.core(
                                            "pods", Meta.namespace(pod), Meta.name(pod)),
                                    copy -> copy == null ? null : unschedulable(copy, message));
            if (stored != null) {
                pods.observe(stored);
            }
        } catch (ApiException e) {
            if (e.code() != 404) {
                throw e;
            }
        }
    }

    private @Nullable ObjectNode unschedulable(ObjectNode pod, String message) {
        JsonNode old = Conditions.find(pod, "PodScheduled");
        if (Pods.scheduled(pod) || Fields.text(old, "message").equals(message)) {
            return null;
        }
        ObjectNode changed = Fields.child(pod, "status");
        Conditions.set(changed, "PodScheduled", "False", "Unschedulable", message, context.now());
        for (ObjectNode condition : Fields.objects(changed, "conditions")) {
            if (Fields.text(condition, "type").equals("PodScheduled")) {
                condition.putNull("lastProbeTime");
                condition.put("observedGeneration", Meta.generation(pod));
            }
        }
        return pod;
    }
}
