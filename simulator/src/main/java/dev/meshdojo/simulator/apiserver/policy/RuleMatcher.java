package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.AdmissionRequest.Operation;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the rules and selectors of webhooks and policies cover a request. Confined to the
 * request's thread.
 */
public final class RuleMatcher {

    private final AdmissionRequest request;
    private final @Nullable ObjectNode namespace;
    private final List<ResourceType> others;

    private RuleMatcher(
            AdmissionRequest request, @Nullable ObjectNode namespace, List<ResourceType> others) {
        this.request = request;
        this.namespace = namespace;
        this.others = others;
    }

    /**
     * For one request.
     *
     * @param api where its namespace is read
     * @param registry where the other versions of its resource are known
     */
    public static RuleMatcher of(
            AdmissionRequest request, ResourceApi api, ResourceRegistry registry) {
        String name = isNamespace(request) ? request.name() : request.namespace();
        ObjectNode namespace =
                name.isEmpty() ? null : api.find(new ResourceKey("", "namespaces", "", name));
        List<ResourceType> others = new ArrayList<>();
        ResourceDefinition definition =
                registry.find(request.type().group(), request.type().plural());
        if (definition != null) {
            for (ResourceDefinition.Version version : definition.versions()) {
                if (version.served() && !version.name().equals(request.type().version())) {
                    others.add(definition.type(version.name()));
                }
            }
        }
        return new RuleMatcher(request, namespace, others);
    }

    /** Whether objects are those that configure admission, which admission does not ask about. */
    public static boolean exempt(AdmissionRequest request) {
        return request.type().group().equals("admissionregistration.k8s.io");
    }

    private static boolean isNamespace(AdmissionRequest request) {
        return request.type().groupResource().equals("namespaces");
    }

    /** The namespace of the object; null for cluster-scoped objects other than namespaces. */
    public @Nullable ObjectNode namespace() {
        return namespace;
    }

    /**
     * The version in which a {@code MatchResources} covers the request, or null. Absent or empty
     * parts cover everything.
     */
    @Nullable ResourceType matches(JsonNode resources) {
        boolean equivalent = !resources.path("matchPolicy").asText().equals("Exact");
        if (!selected(resources)
                || covered(resources.path("excludeResourceRules"), equivalent) != null) {
            return null;
        }
        return resources.path("resourceRules").isEmpty()
                ? request.type()
                : covered(resources.path("resourceRules"), equivalent);
    }

    /** Whether {@code namespaceSelector} and {@code objectSelector} select the request. */
    public boolean selected(JsonNode selectors) {
        JsonNode namespaces = selectors.path("namespaceSelector");
        ObjectNode labelled =
                isNamespace(request)
                                && request.subresource().isEmpty()
                                && request.operation() != Operation.DELETE
                        ? request.object()
                        : namespace;
        if (!namespaces.isEmpty()
                && (!request.namespace().isEmpty() || isNamespace(request))
                && !selects(namespaces, labelled)) {
            return false;
        }
        JsonNode objects = selectors.path("objectSelector");
        return objects.isEmpty()
                || selects(objects, request.object())
                || selects(objects, request.oldObject());
    }

    private static boolean selects(JsonNode selector, @Nullable ObjectNode object) {
        return object != null && LabelSelectors.of(selector).matches(object);
    }

    /**
     * The version in which one of the rules covers the request, or null.
     *
     * @param equivalent whether rules for other versions of the same resource count
     */
    public @Nullable ResourceType covered(JsonNode rules, boolean equivalent) {
        for (JsonNode rule : rules) {
            if (covers(rule, request.type().version())) {
                return request.type();
            }
        }
        if (equivalent) {
            for (JsonNode rule : rules) {
                for (ResourceType other : others) {
                    if (covers(rule, other.version())) {
                        return other;
                    }
                }
            }
        }
        return null;
    }

    private boolean covers(JsonNode rule, String version) {
        return holds(rule.path("apiGroups"), request.type().group())
                && holds(rule.path("apiVersions"), version)
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
            case "Cluster" -> request.namespace().isEmpty();
            case "Namespaced" -> !request.namespace().isEmpty();
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
