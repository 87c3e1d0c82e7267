package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a definition in a group of the Kubernetes community has the approval it needs. Source:
 * apiextensions-apiserver's {@code apiapproval} controller.
 */
public final class ApiApproval {

    private static final String ANNOTATION = "api-approved.kubernetes.io";
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

    private ApiApproval() {}

    /** Adds the condition that the groups of the community have; nothing for others. */
    static void addCondition(ArrayNode conditions, JsonNode definition, String now) {
        if (!isProtected(definition.path("spec").path("group").asText())) {
            return;
        }
        State state = State.of(definition);
        conditions
                .addObject()
                .put("lastTransitionTime", now)
                .put("message", state.message)
                .put("reason", state.reason)
                .put("status", state.reason.equals("ApprovedAnnotation") ? "True" : "False")
                .put("type", "KubernetesAPIApprovalPolicyConformant");
    }

    /**
     * What is wrong with the approval of a definition in a group of the community, or null.
     *
     * @param before the definition before the change, or null for a new one
     */
    public static @Nullable FieldError problem(JsonNode definition, @Nullable JsonNode before) {
        if (!isProtected(definition.path("spec").path("group").asText())) {
            return null;
        }
        State state = State.of(definition);
        if (before != null && State.of(before).reason.equals(state.reason)) {
            return null;
        }
        String field = "metadata.annotations[" + ANNOTATION + "]";
        return switch (state.reason) {
            case "MissingAnnotation" -> FieldError.required(field, state.message);
            case "InvalidAnnotation" ->
                    FieldError.invalidText(field, approval(definition), state.message);
            default -> null;
        };
    }

    private static String approval(JsonNode definition) {
        return definition.path("metadata").path("annotations").path(ANNOTATION).asText();
    }

    private record State(String reason, String message) {
        static State of(JsonNode definition) {
            String approval = approval(definition);
            String demand = "protected groups must have approval annotation \"" + ANNOTATION + '"';
            if (approval.isEmpty()) {
                return new State("MissingAnnotation", demand + SEE);
            }
            if (approval.startsWith("unapproved")) {
                return new State("UnapprovedAnnotation", "not approved: \"" + approval + "\"");
            }
            if (isUrl(approval)) {
                return new State("ApprovedAnnotation", "approved in " + approval);
            }
            return new State(
                    "InvalidAnnotation",
                    demand + " with either a URL or a reason starting with \"unapproved\"" + SEE);
        }
    }

    private static boolean isProtected(String group) {
        return group.equals("k8s.io")
                || group.endsWith(".k8s.io")
                || group.equals("kubernetes.io")
                || group.endsWith(".kubernetes.io");
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
