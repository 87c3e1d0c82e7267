package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.patch.Schema;
import java.util.List;
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
    public ObjectNode decode(ObjectNode object, ResourceType type, List<String> problems) {
        GoTypes.Struct struct = GoTypes.shared().kind(group, type.version(), kind);
        if (struct == null) {
            return object;
        }
        try {
            return GoDecoder.pass(object, struct, problems);
        } catch (GoTypeException e) {
            throw new DecodeException(String.valueOf(e.getMessage()), e.conversion());
        }
    }

    @Override
    public ObjectNode empty(ResourceType type) {
        GoTypes.Struct struct = GoTypes.shared().kind(group, type.version(), kind);
        ObjectNode object =
                struct == null ? JsonNodeFactory.instance.objectNode() : GoDecoder.empty(struct);
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        return object;
    }

    @Override
    public Schema schema(ResourceType type) {
        return BuiltinSchemas.of(group, type.version(), kind);
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
