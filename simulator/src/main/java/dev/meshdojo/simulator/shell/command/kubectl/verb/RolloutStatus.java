package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;

/**
 * How far a rollout is. Source: kubectl {@code polymorphichelpers/rollout_status.go}.
 *
 * @param message with its line end
 * @param done whether nothing is left to do
 */
record RolloutStatus(String message, boolean done) {

    static RolloutStatus of(JsonNode object) {
        return switch (object.path("kind").asText()) {
            case "Deployment" -> deployment(object);
            case "DaemonSet" -> daemonSet(object);
            case "StatefulSet" -> statefulSet(object);
            default ->
                    throw KubectlException.error(
                            "no status viewer has been implemented for "
                                    + object.path("kind").asText());
        };
    }

    private static boolean observed(JsonNode object) {
        return object.path("metadata").path("generation").asLong()
                <= object.path("status").path("observedGeneration").asLong();
    }

    private static RolloutStatus deployment(JsonNode object) {
        String name = object.path("metadata").path("name").asText();
        if (!observed(object)) {
            return new RolloutStatus(
                    "Waiting for deployment spec update to be observed...\n", false);
        }
        JsonNode status = object.path("status");
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Progressing")
                    && condition.path("reason").asText().equals("ProgressDeadlineExceeded")) {
                throw KubectlException.error(
                        "deployment \"" + name + "\" exceeded its progress deadline");
            }
        }
        int wanted = object.path("spec").path("replicas").asInt(1);
        int updated = status.path("updatedReplicas").asInt();
        int all = status.path("replicas").asInt();
        int available = status.path("availableReplicas").asInt();
        String head = "Waiting for deployment \"" + name + "\" rollout to finish: ";
        if (updated < wanted) {
            return new RolloutStatus(
                    head + updated + " out of " + wanted + " new replicas have been updated...\n",
                    false);
        }
        if (all > updated) {
            return new RolloutStatus(
                    head + (all - updated) + " old replicas are pending termination...\n", false);
        }
        if (available < updated) {
            return new RolloutStatus(
                    head + available + " of " + updated + " updated replicas are available...\n",
                    false);
        }
        return new RolloutStatus("deployment \"" + name + "\" successfully rolled out\n", true);
    }

    private static RolloutStatus daemonSet(JsonNode object) {
        String name = object.path("metadata").path("name").asText();
        if (!observed(object)) {
            return new RolloutStatus(
                    "Waiting for daemon set spec update to be observed...\n", false);
        }
        JsonNode status = object.path("status");
        int wanted = status.path("desiredNumberScheduled").asInt();
        int updated = status.path("updatedNumberScheduled").asInt();
        int available = status.path("numberAvailable").asInt();
        String head = "Waiting for daemon set \"" + name + "\" rollout to finish: ";
        if (updated < wanted) {
            return new RolloutStatus(
                    head + updated + " out of " + wanted + " new pods have been updated...\n",
                    false);
        }
        if (available < wanted) {
            return new RolloutStatus(
                    head + available + " of " + wanted + " updated pods are available...\n", false);
        }
        return new RolloutStatus("daemon set \"" + name + "\" successfully rolled out\n", true);
    }

    private static RolloutStatus statefulSet(JsonNode object) {
        JsonNode status = object.path("status");
        if (status.path("observedGeneration").asLong() == 0 || !observed(object)) {
            return new RolloutStatus(
                    "Waiting for statefulset spec update to be observed...\n", false);
        }
        int wanted = object.path("spec").path("replicas").asInt(1);
        int ready = status.path("readyReplicas").asInt();
        if (ready < wanted) {
            return new RolloutStatus(
                    "Waiting for " + (wanted - ready) + " pods to be ready...\n", false);
        }
        String update = status.path("updateRevision").asText();
        if (!update.equals(status.path("currentRevision").asText())) {
            return new RolloutStatus(
                    "waiting for statefulset rolling update to complete "
                            + status.path("updatedReplicas").asInt()
                            + " pods at revision "
                            + update
                            + "...\n",
                    false);
        }
        return new RolloutStatus(
                "statefulset rolling update complete "
                        + status.path("currentReplicas").asInt()
                        + " pods at revision "
                        + status.path("currentRevision").asText()
                        + "...\n",
                true);
    }
}
