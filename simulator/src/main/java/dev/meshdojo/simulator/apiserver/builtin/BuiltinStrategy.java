package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.patch.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
                    "PodTemplate",
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
    public ObjectNode encode(ObjectNode object, ResourceType type) {
        GoTypes.Struct struct = GoTypes.shared().kind(group, type.version(), kind);
        return struct == null ? object : GoDecoder.pass(object, struct, null);
    }

    @Override
    public void applyDefaults(ObjectNode object, ResourceType type) {
        Defaults.apply(object, type);
    }

    @Override
    public List<String> validateName(String name, boolean prefix) {
        return switch (kind) {
            case "Service" -> Names.label1035(name, prefix);
            case "Namespace" -> Names.namespace(name, prefix);
            case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding" ->
                    Names.pathSegment(name, prefix);
            default -> Names.subdomain(name, prefix);
        };
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        Check check = new Check();
        switch (kind) {
            case "Pod" -> PodRules.validate(check, object.path("spec"), "spec");
            case "Service" -> ServiceRules.validate(check, object);
            case "ConfigMap" -> ConfigRules.configMap(check, object);
            case "Secret" -> ConfigRules.secret(check, object);
            case "Deployment",
                    "ReplicaSet",
                    "StatefulSet",
                    "DaemonSet",
                    "ReplicationController",
                    "Job",
                    "CronJob" ->
                    WorkloadRules.validate(check, object, kind);
            case "Ingress" -> NetworkRules.ingress(check, object);
            case "NetworkPolicy" -> NetworkRules.networkPolicy(check, object);
            case "EndpointSlice" -> NetworkRules.endpointSlice(check, object);
            case "HorizontalPodAutoscaler" -> OtherRules.autoscaler(check, object);
            case "PodDisruptionBudget" -> OtherRules.budget(check, object);
            case "Lease" -> OtherRules.lease(check, object);
            case "Role", "ClusterRole" -> OtherRules.role(check, object, kind.equals("Role"));
            case "RoleBinding", "ClusterRoleBinding" ->
                    OtherRules.binding(check, object, kind.equals("RoleBinding"));
            case "PersistentVolumeClaim" -> OtherRules.claim(check, object);
            case "CustomResourceDefinition" -> CustomDefinitionRules.validate(check, object);
            default -> {}
        }
        return check.errors();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        Check check = new Check();
        switch (kind) {
            case "Pod" -> {
                PodRules.validate(check, object.path("spec"), "spec");
                if (check.errors().isEmpty()) {
                    PodRules.validateUpdate(check, object, old);
                }
            }
            case "Service" -> ServiceRules.validateUpdate(check, object, old);
            case "ConfigMap" -> {
                ConfigRules.frozen(check, object, old, List.of("data", "binaryData"));
                ConfigRules.configMap(check, object);
            }
            case "Secret" -> {
                check.immutable("type", object.path("type"), old.path("type"));
                ConfigRules.frozen(check, object, old, List.of("data"));
                if (check.errors().isEmpty()) {
                    ConfigRules.secret(check, object);
                }
            }
            case "Deployment",
                    "ReplicaSet",
                    "StatefulSet",
                    "DaemonSet",
                    "ReplicationController",
                    "Job",
                    "CronJob" ->
                    WorkloadRules.validateUpdate(check, object, old, kind);
            case "EndpointSlice" -> {
                NetworkRules.endpointSlice(check, object);
                check.immutable("addressType", object.path("addressType"), old.path("addressType"));
            }
            case "RoleBinding", "ClusterRoleBinding" -> {
                validate(object).forEach(check::add);
                OtherRules.bindingUpdate(check, object, old);
            }
            default -> validate(object).forEach(check::add);
        }
        return check.errors();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        Check check = new Check();
        if (kind.equals("Service")) {
            ServiceRules.validateStatus(check, object);
        }
        return check.errors();
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        switch (kind) {
            case "Namespace" -> {
                object.putObject("status").put("phase", "Active");
                Fill.object(object, "spec").putArray("finalizers").add("kubernetes");
            }
            case "Pod" -> pending(object);
            case "Job", "ReplicationController" -> {
                object.remove("status");
                JsonNode labels =
                        object.path("spec").path("template").path("metadata").path("labels");
                if (object.path("metadata").path("labels").isEmpty() && !labels.isEmpty()) {
                    Fill.object(object, "metadata").set("labels", labels.deepCopy());
                }
            }
            case "PersistentVolumeClaim" -> object.putObject("status").put("phase", "Pending");
            case "PersistentVolume" -> object.putObject("status").put("phase", "Pending");
            case "Event", "ConfigMap", "Secret", "Endpoints", "EndpointSlice", "Node" -> {}
            default -> object.remove("status");
        }
    }

    /** A new pod waits; one with scheduling gates says so. */
    private static void pending(ObjectNode pod) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending").put("qosClass", QosClass.of(pod));
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .putNull("lastProbeTime")
                    .putNull("lastTransitionTime")
                    .put("message", "Scheduling is blocked due to non-empty scheduling gates")
                    .put("reason", "SchedulingGated")
                    .put("status", "False")
                    .put("type", "PodScheduled");
        }
    }

    @Override
    public @Nullable Long gracePeriod(ObjectNode object, @Nullable Long requested) {
        if (!kind.equals("Pod")) {
            return null;
        }
        String phase = object.path("status").path("phase").asText();
        boolean ended =
                object.path("spec").path("nodeName").asText("").isEmpty()
                        || phase.equals("Succeeded")
                        || phase.equals("Failed");
        if (ended) {
            return 0L;
        }
        return requested != null
                ? requested
                : object.path("spec").path("terminationGracePeriodSeconds").asLong(30);
    }

    @Override
    public Map<String, Function<ObjectNode, String>> selectableFields() {
        return SelectableFields.of(kind);
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
