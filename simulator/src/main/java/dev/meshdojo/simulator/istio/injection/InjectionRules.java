package dev.meshdojo.simulator.istio.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pod is injected: which webhook takes it, and what the injector then decides. Source:
 * the webhooks of istiod's chart and istio's {@code pkg/kube/inject}.
 */
final class InjectionRules {

    private static final String INJECT = "sidecar.istio.io/inject";
    private static final String STATUS = "sidecar.istio.io/status";
    private static final Set<String> IGNORED =
            Set.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");

    private InjectionRules() {}

    /**
     * The istiod Service of the first injection webhook that takes the pod; null when none does.
     */
    static @Nullable JsonNode service(
            Iterable<ObjectNode> configurations, JsonNode namespace, ObjectNode pod) {
        Map<String, String> namespaceLabels = Meta.labels(namespace);
        Map<String, String> podLabels = Meta.labels(pod);
        for (ObjectNode configuration : configurations) {
            for (JsonNode webhook : configuration.path("webhooks")) {
                JsonNode service = Fields.at(webhook, "clientConfig", "service");
                boolean ours = Fields.text(service, "path").startsWith("/inject");
                if (ours
                        && selects(webhook, "namespaceSelector", namespaceLabels)
                        && selects(webhook, "objectSelector", podLabels)) {
                    return service;
                }
            }
        }
        return null;
    }

    private static boolean selects(JsonNode webhook, String field, Map<String, String> labels) {
        JsonNode selector = webhook.path(field);
        return !selector.isObject() || LabelSelector.of(selector).matches(labels);
    }

    /** What the injector decides about a pod that reached it. */
    static boolean required(ObjectNode pod, String namespace, JsonNode config) {
        if (Fields.flag(pod, "spec", "hostNetwork")
                || IGNORED.contains(namespace)
                || !Meta.annotation(pod, STATUS).isEmpty()) {
            return false;
        }
        String wish = Meta.labels(pod).getOrDefault(INJECT, Meta.annotation(pod, INJECT));
        return switch (wish) {
            case "y", "yes", "true", "on" -> true;
            case "" -> byPolicy(pod, config);
            default -> false;
        };
    }

    private static boolean byPolicy(ObjectNode pod, JsonNode config) {
        Map<String, String> labels = Meta.labels(pod);
        for (JsonNode selector : config.path("neverInjectSelector")) {
            if (LabelSelector.of(selector).matches(labels)) {
                return false;
            }
        }
        for (JsonNode selector : config.path("alwaysInjectSelector")) {
            if (LabelSelector.of(selector).matches(labels)) {
                return true;
            }
        }
        return !config.path("policy").asText("enabled").equals("disabled");
    }
}
