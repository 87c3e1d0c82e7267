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
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts what each PodDisruptionBudget allows. Source: {@code pkg/controller/disruption}. */
public final class DisruptionController extends Controller {

    private static final Duration DELETION_TIMEOUT = Duration.ofMinutes(2);

    @SuppressWarnings("InlineFormatString") // long
    private static final String UNMANAGED =
            "Pods selected by this PodDisruptionBudget (selector: %s) were found to be unmanaged. As"
                    + " a result, the status of the PDB cannot be calculated correctly, which may"
                    + " result in undefined behavior. To account for these pods please set"
                    + " \".spec.minAvailable\" field of the PDB to an integer value.";

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
        Expectation expectation;
        try {
            expectation = expect(budget, covered);
        } catch (UnknownScaleException e) {
            fail(budget, String.valueOf(e.getMessage()));
            return;
        }
        if (expectation.unmanaged()) {
            events.event(
                    budget,
                    EventRecorder.WARNING,
                    "UnmanagedPods",
                    UNMANAGED.formatted(GoSelector.of(Fields.at(budget, "spec", "selector"))));
        }
        Map<String, String> disrupted = disrupted(budget, covered);
        int healthy =
                (int)
                        covered.stream()
                                .filter(pod -> Pods.ready(pod) && !Meta.deleting(pod))
                                .filter(pod -> !disrupted.containsKey(Meta.name(pod)))
                                .count();
        int expected = expectation.pods();
        int desired = expectation.healthy();
        int allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
        ObjectNode status = Fields.object();
        JsonNode conditions = Fields.at(budget, "status", "conditions");
        if (!conditions.isEmpty()) {
            status.set("conditions", conditions.deepCopy());
        }
        condition(budget, status, allowed > 0);
        status.put("currentHealthy", healthy).put("desiredHealthy", desired);
        if (!disrupted.isEmpty()) {
            status.set("disruptedPods", Fields.object(disrupted));
        }
        status.put("disruptionsAllowed", allowed).put("expectedPods", expected);
        status.put("observedGeneration", Meta.generation(budget));
        store(budget, status);
    }

    /** How many pods there should be and how many of them healthy. */
    private record Expectation(int pods, int healthy, boolean unmanaged) {}

    private static final class UnknownScaleException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownScaleException(String message) {
            super(message);
        }
    }

    private Expectation expect(ObjectNode budget, List<ObjectNode> covered)
            throws UnknownScaleException {
        JsonNode most = Fields.at(budget, "spec", "maxUnavailable");
        JsonNode least = Fields.at(budget, "spec", "minAvailable");
        boolean limits = !most.isMissingNode() && !most.isNull();
        if (!limits && !least.isTextual()) {
            return new Expectation(covered.size(), least.asInt(), false);
        }
        int expected = expectedScale(covered);
        int desired =
                limits
                        ? Math.max(0, expected - IntOrPercent.up(most, expected))
                        : IntOrPercent.up(least, expected);
        boolean unmanaged = covered.stream().anyMatch(pod -> Meta.controller(pod) == null);
        return new Expectation(expected, desired, unmanaged);
    }

    /** Pods that the eviction API has promised to delete and that are still there. */
    private Map<String, String> disrupted(ObjectNode budget, List<ObjectNode> covered) {
        Map<String, String> promised = Fields.strings(budget, "status", "disruptedPods");
        Map<String, String> open = new TreeMap<>();
        for (ObjectNode pod : covered) {
            String since = promised.get(Meta.name(pod));
            if (since == null || Meta.deleting(pod)) {
                continue;
            }
            Instant due = Meta.instant(since).plus(DELETION_TIMEOUT);
            if (due.isBefore(context.now())) {
                events.event(
                        pod,
                        EventRecorder.WARNING,
                        "NotDeleted",
                        "Pod was expected by PDB %s/%s to be deleted but it wasn't"
                                .formatted(Meta.namespace(budget), Meta.namespace(budget)));
            } else {
                open.put(Meta.name(pod), since);
                queue.addAfter(Meta.objectName(budget), Duration.between(context.now(), due));
            }
        }
        return open;
    }

    private void fail(ObjectNode budget, String why) {
        events.event(
                budget,
                EventRecorder.WARNING,
                "CalculateExpectedPodCountFailed",
                "Failed to calculate the number of expected pods: " + why);
        ObjectNode status =
                budget.get("status") instanceof ObjectNode old ? old.deepCopy() : Fields.object();
        for (String count : List.of("currentHealthy", "desiredHealthy", "expectedPods")) {
            status.put(count, Fields.number(status, count));
        }
        status.put("disruptionsAllowed", 0);
        Conditions.set(status, "DisruptionAllowed", "False", "SyncFailed", why, context.now());
        for (ObjectNode condition : Fields.objects(status, "conditions")) {
            condition.put("observedGeneration", Meta.generation(budget));
        }
        store(budget, status);
    }

    private void store(ObjectNode budget, ObjectNode status) {
        storeStatus(
                budgets,
                new ResourceKey(
                        "policy",
                        "poddisruptionbudgets",
                        Meta.namespace(budget),
                        Meta.name(budget)),
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

    private int expectedScale(List<ObjectNode> covered) throws UnknownScaleException {
        int expected = 0;
        Set<String> seen = new HashSet<>();
        for (ObjectNode pod : covered) {
            Meta.Owner owner = Meta.controller(pod);
            if (owner == null) {
                continue;
            }
            ObjectNode scaled = scaled(owner, pod);
            if (scaled == null) {
                throw new UnknownScaleException(
                        "found no controllers for pod \"" + Meta.name(pod) + "\"");
            }
            if (seen.add(Meta.uid(scaled))) {
                expected += Fields.number(1, scaled, "spec", "replicas");
            }
        }
        return expected;
    }

    /** The object whose size decides how many pods of that owner there are. */
    private @Nullable ObjectNode scaled(Meta.Owner owner, ObjectNode of)
            throws UnknownScaleException {
        String plural =
                switch (owner.kind()) {
                    case "ReplicaSet" -> "replicasets.apps";
                    case "StatefulSet" -> "statefulsets.apps";
                    case "Deployment" -> "deployments.apps";
                    case "ReplicationController" -> "replicationcontrollers.";
                    case "DaemonSet" -> throw noScale("daemonsets.apps");
                    case "Job" -> throw noScale("jobs.batch");
                    default -> "";
                };
        if (plural.isEmpty()) {
            return null;
        }
        int dot = plural.indexOf('.');
        ObjectNode found =
                context.informer(plural.substring(dot + 1), plural.substring(0, dot))
                        .get(new ObjectName(Meta.namespace(of), owner.name()));
        Meta.Owner above = found == null ? null : Meta.controller(found);
        boolean deployed =
                above != null
                        && owner.kind().equals("ReplicaSet")
                        && above.kind().equals("Deployment");
        ObjectNode deployment = deployed && above != null ? scaled(above, of) : null;
        return deployment == null ? found : deployment;
    }

    private static UnknownScaleException noScale(String resource) {
        return new UnknownScaleException(resource + " does not implement the scale subresource");
    }
}
