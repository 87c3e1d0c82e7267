package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Whether a definition in a group of the Kubernetes community has the approval it needs. Source:
 * apiextensions-apiserver's {@code apiapproval} controller.
 */
final class ApiApproval {

    private static final String ANNOTATION = "api-approved.kubernetes.io";
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

    private ApiApproval() {}

    /** Adds the condition that the groups of the community have; nothing for others. */
    static void addCondition(ArrayNode conditions, JsonNode definition, String now) {
        String group = definition.path("spec").path("group").asText();
        if (!isProtected(group)) {
            return;
        }
        String approval = definition.path("metadata").path("annotations").path(ANNOTATION).asText();
        String quoted = '"' + ANNOTATION + '"';
        String reason;
        String message;
        if (approval.isEmpty()) {
            reason = "MissingAnnotation";
            message = "protected groups must have approval annotation " + quoted + SEE;
        } else if (approval.startsWith("unapproved")) {
            reason = "UnapprovedAnnotation";
            message = "not approved: \"" + approval + "\"";
        } else if (isUrl(approval)) {
            reason = "ApprovedAnnotation";
            message = "approved in " + approval;
        } else {
            reason = "InvalidAnnotation";
            message =
                    "protected groups must have approval annotation "
                            + quoted
                            + " with either a URL or a reason starting with \"unapproved\""
                            + SEE;
        }
        conditions
                .addObject()
                .put("lastTransitionTime", now)
                .put("message", message)
                .put("reason", reason)
                .put("status", reason.equals("ApprovedAnnotation") ? "True" : "False")
                .put("type", "KubernetesAPIApprovalPolicyConformant");
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
