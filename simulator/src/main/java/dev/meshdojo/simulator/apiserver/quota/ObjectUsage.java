package dev.meshdojo.simulator.apiserver.quota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.builtin.Amount;
import dev.meshdojo.simulator.apiserver.builtin.PodTotals;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much of each resource that quotas may name an object uses. Source: {@code
 * pkg/quota/v1/evaluator/core}. Pure.
 */
public final class ObjectUsage {

    private static final String BY_CLASS = ".storageclass.storage.k8s.io/";
    private static final Set<String> ALIASES =
            Set.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");
    private static final Set<String> POD_RESOURCES =
            Set.of(
                    "count/pods",
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "requests.cpu",
                    "requests.memory",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage",
                    "pods");
    private static final Set<String> SERVICE_RESOURCES =
            Set.of("count/services", "services", "services.nodeports", "services.loadbalancers");

    private ObjectUsage() {}

    /**
     * Whether a quota's resource is about objects of a kind.
     *
     * @param kind such as {@code pods} or {@code deployments.apps}
     */
    public static boolean concerns(String kind, String resource) {
        return switch (kind) {
            case "pods" ->
                    POD_RESOURCES.contains(resource)
                            || resource.startsWith("hugepages-")
                            || resource.startsWith("requests.hugepages-")
                            || (resource.startsWith("requests.") && resource.contains("/"));
            case "services" -> SERVICE_RESOURCES.contains(resource);
            case "persistentvolumeclaims" ->
                    resource.equals("count/" + kind)
                            || resource.equals(kind)
                            || resource.equals("requests.storage")
                            || resource.endsWith(BY_CLASS + kind)
                            || resource.endsWith(BY_CLASS + "requests.storage");
            default ->
                    resource.equals("count/" + kind)
                            || (ALIASES.contains(kind) && resource.equals(kind));
        };
    }

    /** What an object of a kind uses at a time. */
    public static SortedMap<String, Amount> of(String kind, JsonNode object, Instant now) {
        SortedMap<String, Amount> usage = new TreeMap<>();
        usage.put("count/" + kind, Amount.ONE);
        switch (kind) {
            case "pods" -> pod(usage, object, now);
            case "services" -> service(usage, object.path("spec"));
            case "persistentvolumeclaims" -> claim(usage, object);
            default -> {
                if (ALIASES.contains(kind)) {
                    usage.put(kind, Amount.ONE);
                }
            }
        }
        return usage;
    }

    /** Pods that have ended use nothing any more. */
    private static void pod(Map<String, Amount> usage, JsonNode pod, Instant now) {
        String phase = pod.path("status").path("phase").asText();
        if (phase.equals("Failed") || phase.equals("Succeeded") || overdue(pod, now)) {
            return;
        }
        PodTotals totals = PodTotals.of(pod);
        usage.putAll(compute(totals.requests(), totals.limits()));
    }

    private static boolean overdue(JsonNode pod, Instant now) {
        String deleted = pod.path("metadata").path("deletionTimestamp").asText("");
        JsonNode grace = pod.path("metadata").path("deletionGracePeriodSeconds");
        return !deleted.isEmpty()
                && grace.isNumber()
                && now.isAfter(Instant.parse(deleted).plusSeconds(grace.asLong()));
    }

    /** Requests and limits by the names that quotas have for them. */
    static SortedMap<String, Amount> compute(
            Map<String, Amount> requests, Map<String, Amount> limits) {
        SortedMap<String, Amount> usage = new TreeMap<>();
        usage.put("pods", Amount.ONE);
        requests.forEach(
                (resource, amount) -> {
                    switch (resource) {
                        case "cpu", "memory", "ephemeral-storage" -> {
                            usage.put(resource, amount);
                            usage.put("requests." + resource, amount);
                        }
                        default -> {
                            if (resource.startsWith("hugepages-")) {
                                usage.put(resource, amount);
                                usage.put("requests." + resource, amount);
                            } else if (resource.contains("/")) {
                                usage.put("requests." + resource, amount);
                            }
                        }
                    }
                });
        limits.forEach(
                (resource, amount) -> {
                    switch (resource) {
                        case "cpu", "memory", "ephemeral-storage" ->
                                usage.put("limits." + resource, amount);
                        default -> {}
                    }
                });
        return usage;
    }

    private static void service(Map<String, Amount> usage, JsonNode spec) {
        String type = spec.path("type").asText();
        boolean balanced = type.equals("LoadBalancer");
        int ports = 0;
        if (type.equals("NodePort")
                || (balanced && spec.path("allocateLoadBalancerNodePorts").asBoolean(true))) {
            ports = spec.path("ports").size();
        } else if (balanced) {
            for (JsonNode port : spec.path("ports")) {
                ports += port.path("nodePort").asInt() == 0 ? 0 : 1;
            }
        }
        usage.put("services", Amount.ONE);
        usage.put("services.loadbalancers", Amount.of(balanced ? 1 : 0));
        usage.put("services.nodeports", Amount.of(ports));
    }

    private static void claim(Map<String, Amount> usage, JsonNode claim) {
        String storageClass =
                claim.path("metadata")
                        .path("annotations")
                        .path("volume.beta.kubernetes.io/storage-class")
                        .asText(claim.path("spec").path("storageClassName").asText(""));
        usage.put("persistentvolumeclaims", Amount.ONE);
        JsonNode request = claim.path("spec").path("resources").path("requests").path("storage");
        Amount storage = request.isMissingNode() ? null : Amount.of(request.asText()).whole();
        JsonNode allocated = claim.path("status").path("allocatedResources").path("storage");
        if (storage != null && !allocated.isMissingNode()) {
            storage = storage.max(Amount.of(allocated.asText()).whole());
        }
        if (storage != null) {
            usage.put("requests.storage", storage);
        }
        if (!storageClass.isEmpty()) {
            usage.put(storageClass + BY_CLASS + "persistentvolumeclaims", Amount.ONE);
            if (storage != null) {
                usage.put(storageClass + BY_CLASS + "requests.storage", storage);
            }
        }
    }
}
