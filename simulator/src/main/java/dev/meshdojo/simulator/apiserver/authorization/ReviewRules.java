package dev.meshdojo.simulator.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.ArrayList;
import java.util.List;

/** What access reviews have to say. Source: {@code pkg/apis/authorization/validation}. */
final class ReviewRules {

    private ReviewRules() {}

    /**
     * Refuses a review that does not say enough.
     *
     * @param resource the plural of its kind
     * @param namespace of the request, or empty
     */
    static void check(String resource, ObjectNode review, String namespace) {
        JsonNode spec = review.path("spec");
        if (resource.equals("selfsubjectrulesreviews")) {
            if (spec.path("namespace").asText("").isEmpty()) {
                throw Statuses.badRequest("no namespace on request");
            }
            return;
        }
        String own = review.path("metadata").path("namespace").asText("");
        if (!own.isEmpty() && !own.equals(namespace)) {
            throw Statuses.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the"
                            + " request");
        }
        List<FieldError> errors = new ArrayList<>();
        boolean about = spec.hasNonNull("resourceAttributes");
        boolean path = spec.hasNonNull("nonResourceAttributes");
        if (about && path) {
            errors.add(
                    FieldError.invalid(
                            "spec.nonResourceAttributes",
                            spec.path("nonResourceAttributes"),
                            "cannot be specified in combination with resourceAttributes"));
        } else if (!about && !path) {
            errors.add(
                    FieldError.invalid(
                            "spec.resourceAttributes",
                            NullNode.getInstance(),
                            "exactly one of nonResourceAttributes or resourceAttributes must be"
                                    + " specified"));
        }
        boolean somebody =
                !spec.path("user").asText("").isEmpty() || !spec.path("groups").isEmpty();
        if (!somebody && !resource.equals("selfsubjectaccessreviews")) {
            errors.add(
                    FieldError.invalidText(
                            "spec.user", "", "at least one of user or group must be specified"));
        }
        if (!errors.isEmpty()) {
            throw Statuses.invalid("authorization.k8s.io", "", "", errors);
        }
    }
}
