package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import java.util.Set;

/** What all built-in kinds have in common. */
class BuiltinStrategy implements ResourceStrategy {

    private static final Set<String> GENERATION =
            Set.of(
                    "Deployment",
                    "ReplicaSet",
                    "StatefulSet",
                    "DaemonSet",
                    "ReplicationController",
                    "Job",
                    "CronJob",
                    "Ingress",
                    "NetworkPolicy",
                    "PodDisruptionBudget",
                    "CustomResourceDefinition",
                    "ValidatingWebhookConfiguration",
                    "MutatingWebhookConfiguration",
                    "ValidatingAdmissionPolicy",
                    "ValidatingAdmissionPolicyBinding",
                    "IngressClass",
                    "PriorityClass",
                    "EndpointSlice",
                    "Pod");

    private final String group;
    private final String kind;

    BuiltinStrategy(String group, String kind) {
        this.group = group;
        this.kind = kind;
    }

    String group() {
        return group;
    }

    String kind() {
        return kind;
    }

    @Override
    public boolean hasGeneration() {
        return GENERATION.contains(kind);
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        JsonNode status = old.get("status");
        if (status == null) {
            object.remove("status");
        } else {
            object.set("status", status);
        }
    }

    @Override
    public void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {
        JsonNode status = object.get("status");
        JsonNode metadata = object.get("metadata");
        object.removeAll();
        object.setAll(old);
        object.set("metadata", metadata);
        if (status == null) {
            object.remove("status");
        } else {
            object.set("status", status);
        }
    }
}
