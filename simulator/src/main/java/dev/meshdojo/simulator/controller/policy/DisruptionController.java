package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts what each PodDisruptionBudget allows. Source: {@code pkg/controller/disruption}. */
public final class DisruptionController extends Controller {

    private final Informer budgets;
    private final Informer pods;
    private final EventRecorder events;

    /** Subscribes; runs once started. */
    public DisruptionController(ControllerContext context) {
        super("disruption-controller", context);
        this.budgets = context.informer("policy", "poddisruptionbudgets");
        this.pods = context.informer("pods");
        this.events = new EventRecorder(context, "controllermanager");
        budgets.onEach(budget -> queue.add(Meta.objectName(budget)));
        pods.onChange(
                (before, after) -> {
                    enqueueMatching(before);
                    enqueueMatching(after);
                });
        for (String plural : List.of("deployments", "replicasets", "statefulsets")) {
            context.informer("apps", plural)
                    .onEach(
                            owner ->
                                    budgets.list(Meta.namespace(owner))
                                            .forEach(b -> queue.add(Meta.objectName(b))));
        }
    }

    private void enqueueMatching(@Nullable ObjectNode pod) {
        if (pod == null) {
            return;
        }
        for (ObjectNode budget : budgets.list(Meta.namespace(pod))) {
            if (selector(budget).matches(Meta.labels(pod))) {
                queue.add(Meta.objectName(budget));
            }
        }
    }

    private static LabelSelector selector(ObjectNode budget) {
        return LabelSelector.of(Fields.at(budget, "spec", "selector"));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode budget = budgets.get(target);
        if (budget == null) {
            return;
        }
        LabelSelector selector = selector(budget);
        List<ObjectNode> covered =
                pods.list(target.namespace()).stream()
                        .filter(pod -> selector.matches(Meta.labels(pod)))
                        .toList();
        if (covered.isEmpty()) {
            events.event(budget, EventRecorder.NORMAL, "NoPods", "No matching pods found");
        }
        int expected;
        int desired;
        JsonNode most = Fields.at(budget, "spec", "maxUnavailable");
        JsonNode least = Fields.at(budget, "spec", "minAvailable");
        if (!most.isMissingNode() && !most.isNull()) {
            expected = expectedScale(covered);
            desired = Math.max(0, expected - IntOrPercent.up(most, expected));
        } else if (least.isTextual()) {
            expected = expectedScale(covered);
            desired = IntOrPercent.up(least, expected);
        } else {
            expected = covered.size();
            desired = least.isMissingNode() ? 0 : least.asInt();
        }
        int healthy =
                (int) covered.stream().filter(p -> Pods.ready(p) && !Meta.deleting(p)).count();
        int allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
        ObjectNode status = Fields.object();
        JsonNode conditions = Fields.at(budget, "status", "conditions");
        if (!conditions.isEmpty()) {
            status.set("conditions", conditions.deepCopy());
        }
        condition(budget, status, allowed > 0);
        status.put("currentHealthy", healthy).put("desiredHealthy", desired);
        status.put("disruptionsAllowed", allowed).put("expectedPods", expected);
        status.put("observedGeneration", Meta.generation(budget));
        storeStatus(
                budgets,
                new ResourceKey(
                        "policy", "poddisruptionbudgets", target.namespace(), target.name()),
                budget,
                status);
    }

    private void condition(ObjectNode budget, ObjectNode status, boolean sufficient) {
        Conditions.set(
                status,
                "DisruptionAllowed",
                sufficient ? "True" : "False",
                sufficient ? "SufficientPods" : "InsufficientPods",
                "",
                context.now());
        for (ObjectNode condition : Fields.objects(status, "conditions")) {
            condition.put("message", "");
            condition.put("observedGeneration", Meta.generation(budget));
        }
    }

    private int expectedScale(List<ObjectNode> covered) {
        int expected = 0;
        Set<String> seen = new HashSet<>();
        for (ObjectNode pod : covered) {
            ObjectNode owner = topOwner(pod);
            if (owner != null && seen.add(Meta.uid(owner))) {
                expected += Fields.number(1, owner, "spec", "replicas");
            }
        }
        return expected;
    }

    private @Nullable ObjectNode topOwner(ObjectNode pod) {
        Meta.Owner owner = Meta.controller(pod);
        if (owner == null) {
            return null;
        }
        String plural =
                switch (owner.kind()) {
                    case "ReplicaSet" -> "replicasets";
                    case "StatefulSet" -> "statefulsets";
                    case "Deployment" -> "deployments";
                    default -> "";
                };
        if (plural.isEmpty()) {
            return null;
        }
        ObjectNode found =
                context.informer("apps", plural)
                        .get(new ObjectName(Meta.namespace(pod), owner.name()));
        if (found == null) {
            return null;
        }
        ObjectNode above = plural.equals("replicasets") ? topOwner(found) : null;
        return above == null ? found : above;
    }
}
