package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.DeleteOperation;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.operation.UpdateOperation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Evicts a pod as far as its disruption budget allows. Source: Kubernetes' {@code
 * registry/core/pod/storage/eviction.go}.
 */
final class EvictionHandler {

    private static final int MOST_DISRUPTED = 2000;

    private final ApiCore core;
    private final UpdateOperation update;
    private final DeleteOperation delete;

    EvictionHandler(ApiCore core) {
        this.core = core;
        this.update = new UpdateOperation(core);
        this.delete = new DeleteOperation(core);
    }

    /**
     * Deletes the pod.
     *
     * @param pods the scope of pods, without subresource
     * @param eviction the request's body
     * @throws ApiException 429 when the budget does not allow it, 500 when there are several
     */
    void evict(RequestScope pods, ObjectNode pod, JsonNode eviction) {
        if (!unprotected(pod)) {
            ObjectNode budget = budgetOf(pods.namespace(), pod);
            if (budget != null && !spares(budget, pod)) {
                take(pods, budget, Meta.name(pod));
            }
        }
        if (!pods.dryRun()) {
            mark(pods, pod);
        }
        JsonNode grace = eviction.path("deleteOptions").path("gracePeriodSeconds");
        delete.deleteAdmitted(
                pods,
                Meta.name(pod),
                new DeleteOperation.Options(
                        grace.isNumber() ? grace.asLong() : null, null, null, null));
    }

    private static boolean unprotected(ObjectNode pod) {
        return switch (pod.path("status").path("phase").asText("Pending")) {
            case "Succeeded", "Failed", "Pending" -> true;
            default -> pod.path("metadata").has("deletionTimestamp");
        };
    }

    private @Nullable ObjectNode budgetOf(String namespace, ObjectNode pod) {
        String prefix = namespace + "/";
        List<ObjectNode> found = new ArrayList<>();
        core.store()
                .snapshot("poddisruptionbudgets.policy")
                .objects()
                .forEachFrom(
                        prefix,
                        (key, budget) -> {
                            boolean inside = key.startsWith(prefix);
                            if (inside
                                    && LabelSelectors.of(budget.path("spec").path("selector"))
                                            .matches(pod)) {
                                found.add(budget);
                            }
                            return inside;
                        });
        if (found.size() > 1) {
            throw Statuses.failure(
                    500,
                    "",
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource"
                            + " does not support.",
                    null);
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Whether an unready pod may go without counting against the budget. */
    private static boolean spares(ObjectNode budget, ObjectNode pod) {
        if (holds(pod, "Ready")) {
            return false;
        }
        JsonNode status = budget.path("status");
        int desired = status.path("desiredHealthy").asInt();
        return budget.path("spec").path("unhealthyPodEvictionPolicy").asText().equals("AlwaysAllow")
                || (desired > 0 && status.path("currentHealthy").asInt() >= desired);
    }

    private static boolean holds(JsonNode object, String type) {
        return condition(object, type).path("status").asText().equals("True");
    }

    private static JsonNode condition(JsonNode object, String type) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    private void take(RequestScope pods, ObjectNode budget, String pod) {
        ResourceDefinition definition = core.registry().find("policy", "poddisruptionbudgets");
        if (definition == null) {
            return;
        }
        RequestScope status =
                new RequestScope(
                        definition,
                        definition.storageVersion(),
                        pods.namespace(),
                        "status",
                        pods.user(),
                        "kube-apiserver",
                        pods.dryRun(),
                        pods.warnings());
        ObjectNode stored = update.update(status, Meta.name(budget), live -> disrupted(live, pod));
        assert stored != null : "an update returns what it stored";
    }

    private ObjectNode disrupted(ObjectNode live, String pod) {
        JsonNode before = live.path("status");
        String name = Meta.name(live);
        if (before.path("observedGeneration").asLong()
                < live.path("metadata").path("generation").asLong()) {
            throw refuse(
                    "The disruption budget " + name + " is still being processed by the server.",
                    10);
        }
        int allowed = before.path("disruptionsAllowed").asInt();
        if (before.path("disruptedPods").size() > MOST_DISRUPTED) {
            throw Statuses.forbidden(
                    "policy",
                    "poddisruptionbudget",
                    name,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB"
                            + " controller");
        }
        if (allowed <= 0) {
            throw refuse(why(live), 0);
        }
        ObjectNode next = live.deepCopy();
        ObjectNode status = next.withObject("/status");
        status.put("disruptionsAllowed", allowed - 1);
        status.withObject("/disruptedPods").put(pod, Meta.now(core.clock()));
        if (allowed == 1 && condition(next, "DisruptionAllowed") instanceof ObjectNode condition) {
            condition.put("status", "False").put("reason", "InsufficientPods");
            condition.put("lastTransitionTime", Meta.now(core.clock()));
        }
        return next;
    }

    private static String why(ObjectNode budget) {
        String name = "The disruption budget " + Meta.name(budget);
        JsonNode status = budget.path("status");
        JsonNode condition = condition(budget, "DisruptionAllowed");
        String message = condition.path("message").asText();
        String reason = condition.path("reason").asText();
        boolean said = condition.path("status").asText().equals("False") && !message.isEmpty();
        int healthy = status.path("currentHealthy").asInt();
        int desired = status.path("desiredHealthy").asInt();
        if (said && reason.equals("SyncFailed")) {
            return name
                    + " does not allow evicting pods currently because it failed sync: "
                    + message;
        }
        if (healthy <= desired) {
            return name + " needs " + desired + " healthy pods and has " + healthy + " currently";
        }
        return said
                ? name + " does not allow evicting pods currently (" + reason + "): " + message
                : name + " does not allow evicting pods currently";
    }

    private static ApiException refuse(String message, int retrySeconds) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.putArray("causes")
                .addObject()
                .put("reason", "DisruptionBudget")
                .put("message", message);
        if (retrySeconds > 0) {
            details.put("retryAfterSeconds", retrySeconds);
        }
        return Statuses.failure(
                429,
                "TooManyRequests",
                "Cannot evict pod as it would violate the pod's disruption budget.",
                details);
    }

    private void mark(RequestScope pods, ObjectNode pod) {
        ObjectNode stored =
                update.updateAdmitted(
                        pods.withSubresource("status"),
                        Meta.name(pod),
                        live -> {
                            ObjectNode next = live.deepCopy();
                            ArrayNode all = next.withObject("/status").withArray("/conditions");
                            ObjectNode condition =
                                    condition(next, "DisruptionTarget") instanceof ObjectNode old
                                            ? old
                                            : all.addObject();
                            condition
                                    .put("type", "DisruptionTarget")
                                    .put("status", "True")
                                    .put("reason", "EvictionByEvictionAPI")
                                    .put("message", "Eviction API: evicting")
                                    .putNull("lastProbeTime")
                                    .put("lastTransitionTime", Meta.now(core.clock()));
                            return next;
                        });
        assert stored != null : "an update returns what it stored";
    }
}
