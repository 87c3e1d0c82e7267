package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.workload.ReplicaSetScaler.Sets;
import java.time.Instant;
import java.util.List;

/** Works out a deployment's status. Source: Kubernetes' {@code deployment/progress.go}. */
final class DeploymentStatus {

    private DeploymentStatus() {}

    /** Counts and availability. */
    static ObjectNode of(Sets sets, Instant now) {
        ObjectNode deployment = sets.deployment();
        List<ObjectNode> all = sets.all();
        int available = Deployments.sumStatus(all, "availableReplicas");
        ObjectNode status = Fields.object();
        put(status, "availableReplicas", available);
        JsonNode collisions = Fields.at(deployment, "status", "collisionCount");
        if (!collisions.isMissingNode()) {
            status.set("collisionCount", collisions);
        }
        JsonNode conditions = Fields.at(deployment, "status", "conditions");
        if (!conditions.isEmpty()) {
            status.set("conditions", conditions.deepCopy());
        }
        status.put("observedGeneration", Meta.generation(deployment));
        put(status, "readyReplicas", Deployments.sumStatus(all, "readyReplicas"));
        put(status, "replicas", Deployments.sumStatus(all, "replicas"));
        status.put("terminatingReplicas", Deployments.sumStatus(all, "terminatingReplicas"));
        put(status, "unavailableReplicas", Math.max(0, Deployments.sumSpec(all) - available));
        ObjectNode current = sets.current();
        if (current != null) {
            put(status, "updatedReplicas", Fields.number(current, "status", "replicas"));
        }
        boolean enough =
                available
                        >= Deployments.replicas(deployment)
                                - Deployments.maxUnavailable(deployment);
        Deployments.setCondition(
                status,
                "Available",
                enough ? "True" : "False",
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                enough
                        ? "Deployment has minimum availability."
                        : "Deployment does not have minimum availability.",
                now);
        return status;
    }

    private static void put(ObjectNode status, String field, int value) {
        if (value != 0) {
            status.put(field, value);
        }
    }

    /** Counts, availability, progress and failures of the sets. */
    static ObjectNode withProgress(Sets sets, Instant now) {
        ObjectNode deployment = sets.deployment();
        ObjectNode status = of(sets, now);
        if (!Deployments.hasDeadline(deployment)) {
            Conditions.remove(status, "Progressing");
        } else {
            JsonNode old = Conditions.find(deployment, "Progressing");
            boolean done =
                    Fields.number(status, "replicas") == Fields.number(status, "updatedReplicas")
                            && Fields.text(old, "reason").equals("NewReplicaSetAvailable");
            if (!done) {
                progress(sets, status, old, now);
            }
        }
        failure(sets, status);
        return status;
    }

    private static void progress(Sets sets, ObjectNode status, JsonNode old, Instant now) {
        ObjectNode deployment = sets.deployment();
        ObjectNode current = sets.current();
        String subject =
                current == null
                        ? "Deployment \"" + Meta.name(deployment) + "\""
                        : "ReplicaSet \"" + Meta.name(current) + "\"";
        if (Deployments.complete(deployment, status)) {
            Deployments.setCondition(
                    status,
                    "Progressing",
                    "True",
                    "NewReplicaSetAvailable",
                    subject + " has successfully progressed.",
                    now);
        } else if (Deployments.progressing(deployment, status)) {
            boolean running = Fields.text(old, "status").equals("True");
            String since = running ? Fields.text(old, "lastTransitionTime") : Meta.time(now);
            Conditions.remove(status, "Progressing");
            Fields.list(status, "conditions")
                    .addObject()
                    .put("type", "Progressing")
                    .put("status", "True")
                    .put("lastUpdateTime", Meta.time(now))
                    .put("lastTransitionTime", since)
                    .put("reason", "ReplicaSetUpdated")
                    .put("message", subject + " is progressing.");
        } else if (Deployments.timedOut(deployment, status, now)) {
            Deployments.setCondition(
                    status,
                    "Progressing",
                    "False",
                    "ProgressDeadlineExceeded",
                    subject + " has timed out progressing.",
                    now);
        }
    }

    private static void failure(Sets sets, ObjectNode status) {
        JsonNode found = MissingNode.getInstance();
        for (ObjectNode set : sets.all()) {
            JsonNode condition = Conditions.find(set, "ReplicaFailure");
            if (condition.isObject() && (!found.isObject() || set.equals(sets.current()))) {
                found = condition;
            }
        }
        if (found.isObject()) {
            Deployments.setCondition(
                    status,
                    "ReplicaFailure",
                    Fields.text(found, "status"),
                    Fields.text(found, "reason"),
                    Fields.text(found, "message"),
                    Meta.instant(Fields.text(found, "lastTransitionTime")));
        } else {
            Conditions.remove(status, "ReplicaFailure");
        }
    }
}
