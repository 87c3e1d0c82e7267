package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.builtin.validation.AddressKindRules;
import dev.meshdojo.simulator.apiserver.builtin.validation.Validation;
import dev.meshdojo.simulator.apiserver.builtin.validation.Warnings;
import dev.meshdojo.simulator.apiserver.patch.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
                    "FlowSchema",
                    "PriorityLevelConfiguration",
                    "Pod");

    private static final String SINCE = "lastPhaseTransitionTime";

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
            return GoDecoder.read(object, struct, problems);
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
        return struct == null ? object : GoDecoder.store(object, struct);
    }

    @Override
    public void applyDefaults(ObjectNode object, ResourceType type) {
        Defaults.apply(object, type);
    }

    @Override
    public List<String> validateName(String name, boolean prefix) {
        return switch (kind) {
            case "Service" -> Names.label1035(name, prefix);
            case "Namespace", "StatefulSet" -> Names.label(name, prefix);
            case "IPAddress" -> AddressKindRules.nameProblems(name);
            case "PodDisruptionBudget" -> Names.pathSegment(name, prefix);
            case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding" ->
                    Names.pathSegment(name, prefix);
            default -> Names.subdomain(name, prefix);
        };
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return Validation.create(kind, object);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return Validation.update(kind, object, old);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        return Validation.status(kind, object, old);
    }

    @Override
    public List<String> warnings(ObjectNode object) {
        return Warnings.create(kind, object);
    }

    @Override
    public List<String> warnings(String subresource, ObjectNode object, ObjectNode old) {
        return switch (subresource) {
            case "" -> Warnings.update(kind, object, old);
            case "status" -> Warnings.status(kind, object);
            default -> List.of();
        };
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        switch (kind) {
            case "Namespace" -> {
                object.putObject("status").put("phase", "Active");
                kubernetesFinalizer(Fill.object(object, "spec").withArray("/finalizers"));
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
            case "Lease" -> withoutCoordination(object);
            case "PersistentVolumeClaim" -> {
                object.putObject("status").put("phase", "Pending");
                StorageDefaults.dropUnknownSource(Fill.object(object, "spec"));
                StorageDefaults.alignSources(Fill.object(object, "spec"));
            }
            case "PersistentVolume" ->
                    object.putObject("status").put("phase", "Pending").put(SINCE, now());
            case "CertificateSigningRequest" -> object.putObject("status");
            case "LimitRange" -> named(object);
            case "CustomResourceDefinition" -> {
                object.remove("status");
                storedVersion(object);
            }
            case "EndpointSlice" -> withoutTopology(object);
            case "Event", "ConfigMap", "Secret", "Endpoints", "Node" -> {}
            default -> object.remove("status");
        }
    }

    /** A limit range without a name gets a random one. */
    private static void named(ObjectNode object) {
        ObjectNode metadata = Fill.object(object, "metadata");
        if (metadata.path("name").asText("").isEmpty()) {
            metadata.put("name", java.util.UUID.randomUUID().toString());
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void kubernetesFinalizer(ArrayNode finalizers) {
        for (JsonNode finalizer : finalizers) {
            if (finalizer.asText().equals("kubernetes")) {
                return;
            }
        }
        finalizers.add("kubernetes");
    }

    /** Zones have a field of their own by now. */
    private static void withoutTopology(ObjectNode slice) {
        for (JsonNode endpoint : slice.path("endpoints")) {
            if (endpoint instanceof ObjectNode each) {
                each.remove("deprecatedTopology");
            }
        }
    }

    /** The versions in which objects may be stored: the present one joins the earlier ones. */
    private static void storedVersion(ObjectNode definition) {
        ArrayNode stored = Fill.object(definition, "status").withArray("/storedVersions");
        for (JsonNode version : definition.path("spec").path("versions")) {
            if (version.path("storage").asBoolean()) {
                for (JsonNode known : stored) {
                    if (known.equals(version.path("name"))) {
                        return;
                    }
                }
                stored.add(version.path("name").asText());
                return;
            }
        }
    }

    /** Coordinated leader election is off by default, and its fields are dropped. */
    private static void withoutCoordination(ObjectNode lease) {
        if (lease.get("spec") instanceof ObjectNode spec) {
            spec.remove(List.of("strategy", "preferredHolder"));
        }
    }

    /** A new pod waits; one with scheduling gates says so. */
    private static void pending(ObjectNode pod) {
        if (pod.get("spec") instanceof ObjectNode spec
                && spec.path("terminationGracePeriodSeconds").asLong() < 0) {
            spec.put("terminationGracePeriodSeconds", 1);
        }
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending").put("qosClass", QosClass.of(pod));
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .putNull("lastProbeTime")
                    .put(
                            "lastTransitionTime",
                            pod.path("metadata").path("creationTimestamp").asText())
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

    /** Rollouts are annotated, so a Deployment's annotations count as its content. */
    @Override
    public boolean bumpsGeneration(ObjectNode object, ObjectNode old) {
        JsonNode now = object.path("metadata").path("annotations");
        JsonNode before = old.path("metadata").path("annotations");
        return kind.equals("Deployment")
                && !now.equals(before)
                && !(now.isEmpty() && before.isEmpty());
    }

    @Override
    public boolean hasGeneration() {
        return GENERATION.contains(kind);
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        switch (kind) {
            case "PersistentVolumeClaim" ->
                    StorageDefaults.alignSources(Fill.object(object, "spec"));
            case "EndpointSlice" -> withoutTopology(object);
            case "Namespace" -> object.set("spec", old.path("spec").deepCopy());
            default -> {}
        }
        JsonNode status = old.get("status");
        if (status == null) {
            object.remove("status");
        } else {
            object.set("status", status);
        }
        if (kind.equals("CustomResourceDefinition")) {
            storedVersion(object);
        }
    }

    @Override
    public void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
        switch (kind + "/" + subresource) {
            case "Pod/ephemeralcontainers" -> keepBut(object, old, "spec", "ephemeralContainers");
            case "CertificateSigningRequest/approval" -> {
                keepBut(object, old, "status", "conditions");
                stamp(object.path("status").path("conditions"), old.path("status"));
            }
            case "Namespace/finalize" -> {
                if (old.has("status")) {
                    object.set("status", old.get("status").deepCopy());
                }
            }
            default -> prepareForUpdate(object, old);
        }
    }

    /** Takes one field from the new object and everything else but metadata from the old. */
    private static void keepBut(ObjectNode object, ObjectNode old, String part, String field) {
        JsonNode value = object.path(part).get(field);
        JsonNode metadata = object.get("metadata");
        ObjectNode kept = old.deepCopy();
        kept.set("metadata", metadata);
        ObjectNode target = Fill.object(kept, part);
        if (value == null) {
            target.remove(field);
        } else {
            target.set(field, value);
        }
        object.removeAll();
        object.setAll(kept);
    }

    /** Says when conditions were written, and since when they hold. */
    private static void stamp(JsonNode conditions, JsonNode before) {
        String now = now();
        for (JsonNode each : conditions) {
            ObjectNode condition = (ObjectNode) each;
            String type = condition.path("type").asText();
            if (!condition.hasNonNull("lastUpdateTime")) {
                condition.put("lastUpdateTime", now);
            }
            if (condition.hasNonNull("lastTransitionTime")) {
                continue;
            }
            String since = now;
            for (JsonNode former : before.path("conditions")) {
                if (former.path("type").asText().equals(type)
                        && former.path("status").equals(condition.path("status"))) {
                    since = former.path("lastTransitionTime").asText(now);
                }
            }
            condition.put("lastTransitionTime", since);
        }
    }

    @Override
    public List<FieldError> validateSubresource(
            String subresource, ObjectNode object, ObjectNode old) {
        List<FieldError> errors = Validation.subresource(kind, subresource, object, old);
        return errors == null ? validateUpdate(object, old) : errors;
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
