package dev.meshdojo.simulator.apiserver.builtin;

import static dev.meshdojo.simulator.apiserver.builtin.Fill.absent;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.each;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.object;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.unset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** The defaults of built-in kinds, as the versioned types declare them. */
final class Defaults {

    private static final int HISTORY = 10;
    private static final int WEEK_OF_HISTORY = 3;

    private Defaults() {}

    static void apply(ObjectNode object, ResourceType type) {
        switch (type.group() + "/" + type.kind()) {
            case "/Pod" -> PodDefaults.pod(object);
            case "/PodTemplate" -> PodDefaults.template(object);
            case "/Service" -> {
                service(spec(object));
                loadBalancer(object);
            }
            case "/Node" -> node(object);
            case "/Secret" -> secret(object);
            case "/Namespace" -> namespace(object);
            case "/ReplicationController" -> replicationController(object);
            case "/PersistentVolumeClaim" -> StorageDefaults.claim(spec(object));
            case "/PersistentVolume" -> StorageDefaults.volume(spec(object));
            case "/LimitRange" -> limits(spec(object));
            case "/Endpoints" -> endpoints(object);
            case "apps/Deployment" -> deployment(spec(object));
            case "apps/ReplicaSet" -> {
                absent(spec(object), "replicas", 1);
                PodDefaults.template(spec(object));
            }
            case "apps/StatefulSet" -> statefulSet(spec(object));
            case "apps/DaemonSet" -> daemonSet(spec(object));
            case "batch/Job" -> job(spec(object));
            case "batch/CronJob" -> cronJob(spec(object));
            case "autoscaling/HorizontalPodAutoscaler" ->
                    AutoscalerDefaults.apply(spec(object), type.version());
            case "networking.k8s.io/NetworkPolicy" -> networkPolicy(spec(object));
            case "networking.k8s.io/IngressClass" -> {
                if (spec(object).get("parameters") instanceof ObjectNode parameters) {
                    absent(parameters, "scope", "Cluster");
                }
            }
            case "rbac.authorization.k8s.io/RoleBinding",
                    "rbac.authorization.k8s.io/ClusterRoleBinding" ->
                    binding(object);
            case "discovery.k8s.io/EndpointSlice" -> endpointSlice(object);
            case "storage.k8s.io/StorageClass" -> {
                unset(object, "reclaimPolicy", "Delete");
                unset(object, "volumeBindingMode", "Immediate");
            }
            case "storage.k8s.io/CSIDriver" -> StorageDefaults.driver(spec(object));
            case "scheduling.k8s.io/PriorityClass" ->
                    unset(object, "preemptionPolicy", "PreemptLowerPriority");
            case "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
                    "admissionregistration.k8s.io/MutatingWebhookConfiguration" ->
                    each(object, "webhooks", hook -> webhook(hook, type));
            case "admissionregistration.k8s.io/ValidatingAdmissionPolicy" ->
                    admissionPolicy(spec(object));
            case "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding" -> {
                if (spec(object).get("matchResources") instanceof ObjectNode match) {
                    matchResources(match);
                }
            }
            case "apiextensions.k8s.io/CustomResourceDefinition" -> definition(spec(object));
            default -> {}
        }
    }

    private static ObjectNode spec(ObjectNode object) {
        return object.get("spec") instanceof ObjectNode spec ? spec : object.objectNode();
    }

    private static void service(ObjectNode spec) {
        absent(spec, "sessionAffinity", "None");
        if (spec.path("sessionAffinity").asText().equals("None")) {
            spec.remove("sessionAffinityConfig");
        }
        if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
            ObjectNode config = object(object(spec, "sessionAffinityConfig"), "clientIP");
            absent(config, "timeoutSeconds", 10800);
        }
        absent(spec, "type", "ClusterIP");
        each(
                spec,
                "ports",
                port -> {
                    absent(port, "protocol", "TCP");
                    JsonNode target = port.path("targetPort");
                    if (target.isMissingNode()
                            || target.isNull()
                            || target.asText().isEmpty()
                            || (target.isNumber() && target.asInt() == 0)) {
                        port.set("targetPort", port.path("port"));
                    }
                });
        String type = spec.path("type").asText();
        boolean external = type.equals("NodePort") || type.equals("LoadBalancer");
        boolean internal = type.equals("ClusterIP");
        if (external || (internal && !spec.path("externalIPs").isEmpty())) {
            absent(spec, "externalTrafficPolicy", "Cluster");
        }
        if (external || internal) {
            unset(spec, "internalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            absent(spec, "allocateLoadBalancerNodePorts", true);
        }
    }

    private static void loadBalancer(ObjectNode service) {
        if (service.path("spec").path("type").asText().equals("LoadBalancer")
                && service.path("status").get("loadBalancer") instanceof ObjectNode status) {
            each(
                    status,
                    "ingress",
                    address -> {
                        if (address.hasNonNull("ip")) {
                            absent(address, "ipMode", "VIP");
                        }
                    });
        }
    }

    private static void node(ObjectNode node) {
        String range = spec(node).path("podCIDR").asText();
        JsonNode ranges = spec(node).path("podCIDRs");
        if (!range.isEmpty() && !ranges.path(0).asText().equals(range)) {
            spec(node).putArray("podCIDRs").add(range);
        } else if (range.isEmpty() && !ranges.isEmpty()) {
            spec(node).set("podCIDR", ranges.path(0));
        }
        JsonNode capacity = node.path("status").path("capacity");
        if (!capacity.isEmpty()
                && node.path("status").path("allocatable").isEmpty()
                && node.get("status") instanceof ObjectNode status) {
            status.set("allocatable", capacity.deepCopy());
        }
    }

    private static void secret(ObjectNode secret) {
        absent(secret, "type", "Opaque");
        if (secret.get("stringData") instanceof ObjectNode texts) {
            ObjectNode data = object(secret, "data");
            texts.properties()
                    .forEach(
                            text ->
                                    data.put(
                                            text.getKey(),
                                            Base64.getEncoder()
                                                    .encodeToString(
                                                            text.getValue()
                                                                    .asText()
                                                                    .getBytes(
                                                                            StandardCharsets
                                                                                    .UTF_8))));
            secret.remove("stringData");
        }
    }

    private static void namespace(ObjectNode namespace) {
        String name = namespace.path("metadata").path("name").asText("");
        if (!name.isEmpty() && namespace.get("metadata") instanceof ObjectNode metadata) {
            object(metadata, "labels").put("kubernetes.io/metadata.name", name);
        }
    }

    private static void replicationController(ObjectNode object) {
        ObjectNode spec = spec(object);
        absent(spec, "replicas", 1);
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        if (labels.isObject() && !spec.path("selector").isObject()) {
            spec.set("selector", labels.deepCopy());
        }
        PodDefaults.template(spec);
    }

    private static void limits(ObjectNode spec) {
        each(
                spec,
                "limits",
                limit -> {
                    if (limit.path("type").asText().equals("Container")
                            && limit.get("default") instanceof ObjectNode values) {
                        ObjectNode requests = object(limit, "defaultRequest");
                        values.properties()
                                .forEach(
                                        value ->
                                                requests.putIfAbsent(
                                                        value.getKey(), value.getValue()));
                    }
                });
    }

    private static void endpoints(ObjectNode object) {
        each(
                object,
                "subsets",
                subset -> each(subset, "ports", port -> absent(port, "protocol", "TCP")));
    }

    private static void deployment(ObjectNode spec) {
        absent(spec, "replicas", 1);
        ObjectNode strategy = object(spec, "strategy");
        absent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = object(strategy, "rollingUpdate");
            unset(rolling, "maxUnavailable", "25%");
            unset(rolling, "maxSurge", "25%");
        }
        absent(spec, "revisionHistoryLimit", HISTORY);
        absent(spec, "progressDeadlineSeconds", 600);
        PodDefaults.template(spec);
    }

    private static void statefulSet(ObjectNode spec) {
        absent(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = object(spec, "updateStrategy");
        absent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = object(strategy, "rollingUpdate");
            absent(rolling, "partition", 0);
        }
        ObjectNode retention = object(spec, "persistentVolumeClaimRetentionPolicy");
        absent(retention, "whenDeleted", "Retain");
        absent(retention, "whenScaled", "Retain");
        absent(spec, "replicas", 1);
        absent(spec, "revisionHistoryLimit", HISTORY);
        each(
                spec,
                "volumeClaimTemplates",
                claim -> {
                    absent(claim, "apiVersion", "v1");
                    absent(claim, "kind", "PersistentVolumeClaim");
                    StorageDefaults.claim(spec(claim));
                    absent(object(claim, "status"), "phase", "Pending");
                });
        PodDefaults.template(spec);
    }

    private static void daemonSet(ObjectNode spec) {
        ObjectNode strategy = object(spec, "updateStrategy");
        absent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = object(strategy, "rollingUpdate");
            absent(rolling, "maxUnavailable", 1);
            absent(rolling, "maxSurge", 0);
        }
        absent(spec, "revisionHistoryLimit", HISTORY);
        PodDefaults.template(spec);
    }

    private static void job(ObjectNode spec) {
        boolean neither = !spec.has("completions") && !spec.has("parallelism");
        if (neither) {
            spec.put("completions", 1);
        }
        absent(spec, "parallelism", 1);
        absent(spec, "backoffLimit", spec.has("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
        unset(spec, "completionMode", "NonIndexed");
        absent(spec, "suspend", false);
        absent(
                spec,
                "podReplacementPolicy",
                spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        absent(spec, "manualSelector", false);
        failurePolicy(spec);
        PodDefaults.template(spec);
    }

    private static void failurePolicy(ObjectNode job) {
        if (job.get("podFailurePolicy") instanceof ObjectNode policy) {
            each(
                    policy,
                    "rules",
                    rule ->
                            each(
                                    rule,
                                    "onPodConditions",
                                    pattern -> absent(pattern, "status", "True")));
        }
    }

    private static void cronJob(ObjectNode spec) {
        absent(spec, "concurrencyPolicy", "Allow");
        absent(spec, "suspend", false);
        absent(spec, "successfulJobsHistoryLimit", WEEK_OF_HISTORY);
        absent(spec, "failedJobsHistoryLimit", 1);
        if (spec.path("jobTemplate").get("spec") instanceof ObjectNode job) {
            failurePolicy(job);
            PodDefaults.template(job);
        }
    }

    private static void networkPolicy(ObjectNode spec) {
        for (String direction : List.of("ingress", "egress")) {
            each(
                    spec,
                    direction,
                    rule -> each(rule, "ports", port -> unset(port, "protocol", "TCP")));
        }
        if (spec.path("policyTypes").isEmpty()) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!spec.path("egress").isEmpty()) {
                types.add("Egress");
            }
        }
    }

    private static void binding(ObjectNode object) {
        if (object.get("roleRef") instanceof ObjectNode role) {
            absent(role, "apiGroup", "rbac.authorization.k8s.io");
        }
        each(
                object,
                "subjects",
                subject -> {
                    String kind = subject.path("kind").asText();
                    if (kind.equals("User") || kind.equals("Group")) {
                        absent(subject, "apiGroup", "rbac.authorization.k8s.io");
                    }
                });
    }

    private static void endpointSlice(ObjectNode object) {
        each(
                object,
                "ports",
                port -> {
                    unset(port, "protocol", "TCP");
                    if (!port.hasNonNull("name")) {
                        port.put("name", "");
                    }
                });
    }

    private static void webhook(ObjectNode hook, ResourceType type) {
        unset(hook, "failurePolicy", "Fail");
        unset(hook, "matchPolicy", "Equivalent");
        if (!hook.has("namespaceSelector")) {
            hook.putObject("namespaceSelector");
        }
        if (!hook.has("objectSelector")) {
            hook.putObject("objectSelector");
        }
        absent(hook, "timeoutSeconds", 10);
        if (type.kind().startsWith("Mutating")) {
            unset(hook, "reinvocationPolicy", "Never");
        }
        each(hook, "rules", rule -> absent(rule, "scope", "*"));
        if (hook.path("clientConfig").get("service") instanceof ObjectNode service) {
            absent(service, "port", 443);
        }
    }

    private static void admissionPolicy(ObjectNode spec) {
        unset(spec, "failurePolicy", "Fail");
        if (spec.get("matchConstraints") instanceof ObjectNode match) {
            matchResources(match);
        }
    }

    private static void matchResources(ObjectNode match) {
        unset(match, "matchPolicy", "Equivalent");
        if (!match.has("namespaceSelector")) {
            match.putObject("namespaceSelector");
        }
        if (!match.has("objectSelector")) {
            match.putObject("objectSelector");
        }
        for (String list : List.of("resourceRules", "excludeResourceRules")) {
            each(match, list, rule -> absent(rule, "scope", "*"));
        }
    }

    private static void definition(ObjectNode spec) {
        if (spec.get("names") instanceof ObjectNode names) {
            String kind = names.path("kind").asText();
            absent(names, "singular", kind.toLowerCase(java.util.Locale.ROOT));
            if (!kind.isEmpty()) {
                absent(names, "listKind", kind + "List");
            }
        }
        if (!spec.hasNonNull("conversion")) {
            spec.putObject("conversion").put("strategy", "None");
        }
    }
}
