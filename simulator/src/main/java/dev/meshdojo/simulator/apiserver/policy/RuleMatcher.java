package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a {@code MatchResources} covers a request. Pure.
 *
 * @param request the write
 * @param namespaceObject the namespace of the object, or null for cluster-scoped objects
 */
record RuleMatcher(AdmissionRequest request, @Nullable JsonNode namespaceObject) {

    /** Whether the resources match; absent or empty parts match everything. */
    boolean matches(JsonNode resources) {
        return selected(resources)
                && any(resources.path("resourceRules"), resources, true)
                && !any(resources.path("excludeResourceRules"), resources, false);
    }

    private boolean selected(JsonNode resources) {
        JsonNode namespaces = resources.path("namespaceSelector");
        JsonNode namespace =
                request.type().kind().equals("Namespace") && request.type().group().isEmpty()
                        ? request.object()
                        : namespaceObject;
        if (!namespaces.isEmpty()
                && namespace instanceof ObjectNode labelled
                && !LabelSelectors.of(namespaces).matches(labelled)) {
            return false;
        }
        JsonNode objects = resources.path("objectSelector");
        return objects.isEmpty()
                || labelled(request.object(), objects)
                || labelled(request.oldObject(), objects);
    }

    private static boolean labelled(@Nullable ObjectNode object, JsonNode selector) {
        return object != null && LabelSelectors.of(selector).matches(object);
    }

    private boolean any(JsonNode rules, JsonNode resources, boolean whenEmpty) {
        if (rules.isEmpty()) {
            return whenEmpty;
        }
        boolean exact = resources.path("matchPolicy").asText().equals("Exact");
        for (JsonNode rule : rules) {
            if (covers(rule, exact)) {
                return true;
            }
        }
        return false;
    }

    /** Unless versions must match exactly, a rule for one version covers the others of its kind. */
    private boolean covers(JsonNode rule, boolean exact) {
        return holds(rule.path("apiGroups"), request.type().group())
                && (!exact || holds(rule.path("apiVersions"), request.type().version()))
                && holds(rule.path("operations"), request.operation().name())
                && coversResource(rule.path("resources"))
                && coversScope(rule.path("scope").asText("*"))
                && (rule.path("resourceNames").isEmpty()
                        || holds(rule.path("resourceNames"), request.name()));
    }

    private boolean coversResource(JsonNode resources) {
        String plural = request.type().plural();
        String subresource = request.subresource();
        for (JsonNode each : resources) {
            String text = each.asText();
            int slash = text.indexOf('/');
            String resource = slash < 0 ? text : text.substring(0, slash);
            String sub = slash < 0 ? "" : text.substring(slash + 1);
            if ((resource.equals("*") || resource.equals(plural))
                    && (sub.equals("*") || sub.equals(subresource))) {
                return true;
            }
        }
        return false;
    }

    private boolean coversScope(String scope) {
        return switch (scope) {
            case "Cluster" -> !request.type().namespaced();
            case "Namespaced" -> request.type().namespaced();
            default -> true;
        };
    }

    private static boolean holds(JsonNode texts, String text) {
        for (JsonNode each : texts) {
            if (each.asText().equals("*") || each.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }
}
