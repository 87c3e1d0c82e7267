package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Binds pods to nodes, or says why none will do. A pod that did not fit is tried again when nodes
 * or other pods change. Source: kube-scheduler's default profile; without scores and preemption,
 * the first node in name order that fits is taken.
 */
public final class Scheduler extends Controller {

    private static final String NAME = "default-scheduler";

    private final Informer pods;
    private final Informer nodes;
    private final Informer claims;
    private final SchedulingEvents events;

    /** Subscribes; runs once started. */
    public Scheduler(ControllerContext context) {
        super("kube-scheduler", context);
        this.pods = context.informer("pods");
        this.nodes = context.informer("nodes");
        this.claims = context.informer("persistentvolumeclaims");
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
        claims.onEach(claim -> retryAll());
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
        for (ObjectNode pod : pods.list("")) {
            if (waits(pod)) {
                queue.add(Meta.objectName(pod));
            }
        }
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
        List<ObjectNode> all = pods.list("");
        List<ObjectNode> candidates = nodes.list("");
        if (candidates.isEmpty()) {
            refuse(pod, "no nodes available to schedule pods");
            return;
        }
        String unbound = missingClaim(pod);
        Map<String, Integer> reasons = new TreeMap<>();
        int unresolvable = unbound.isEmpty() ? 0 : candidates.size();
        for (ObjectNode node : unbound.isEmpty() ? candidates : List.<ObjectNode>of()) {
            NodeFilter.Outcome outcome = NodeFilter.check(pod, node, on(node, all), all);
            if (outcome.fits()) {
                bind(pod, node);
                return;
            }
            outcome.reasons().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
            unresolvable += outcome.resolvable() ? 0 : 1;
        }
        refuse(pod, explain(candidates.size(), unbound, reasons, unresolvable));
    }

    private static List<ObjectNode> on(ObjectNode node, List<ObjectNode> all) {
        String name = Meta.name(node);
        return all.stream()
                .filter(pod -> Fields.text(pod, "spec", "nodeName").equals(name))
                .toList();
    }

    private String missingClaim(ObjectNode pod) {
        for (JsonNode volume : Fields.at(pod, "spec", "volumes")) {
            String name = Fields.text(volume, "persistentVolumeClaim", "claimName");
            if (Fields.has(volume, "ephemeral")) {
                name = Meta.name(pod) + "-" + Fields.text(volume, "name");
            }
            if (name.isEmpty()) {
                continue;
            }
            ObjectNode claim = claims.get(new ObjectName(Meta.namespace(pod), name));
            if (claim == null) {
                return "persistentvolumeclaim \"" + name + "\" not found";
            }
            if (!Fields.text(claim, "status", "phase").equals("Bound")) {
                return "pod has unbound immediate PersistentVolumeClaims";
            }
        }
        return "";
    }

    private static String explain(
            int nodes, String unbound, Map<String, Integer> reasons, int unresolvable) {
        String none = "0/" + nodes + " nodes are available: ";
        if (!unbound.isEmpty()) {
            return none + unbound + ". not found";
        }
        String why =
                reasons.entrySet().stream()
                        .map(reason -> reason.getValue() + " " + reason.getKey())
                        .sorted()
                        .collect(Collectors.joining(", "));
        List<String> preemption = new ArrayList<>();
        if (nodes - unresolvable > 0) {
            preemption.add(
                    (nodes - unresolvable) + " No preemption victims found for incoming pod");
        }
        if (unresolvable > 0) {
            preemption.add(unresolvable + " Preemption is not helpful for scheduling");
        }
        preemption.sort(null);
        return none
                + why
                + ". no new claims to deallocate, preemption: "
                + none
                + String.join(", ", preemption)
                + ".";
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
