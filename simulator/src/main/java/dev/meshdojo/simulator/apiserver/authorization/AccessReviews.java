package dev.meshdojo.simulator.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fills in the status of review objects, which are answered and never stored. */
final class AccessReviews {

    private final RbacAuthorizer authorizer;

    AccessReviews(RbacAuthorizer authorizer) {
        this.authorizer = authorizer;
    }

    /** {@code SelfSubjectReview}: who the user is. */
    static void addUser(ObjectNode review, UserInfo user) {
        ObjectNode info = review.putObject("status").putObject("userInfo");
        info.put("username", user.username());
        if (!user.uid().isEmpty()) {
            info.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            ArrayNode groups = info.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = info.putObject("extra");
            user.extra()
                    .forEach(
                            (key, values) -> {
                                ArrayNode list = extra.putArray(key);
                                values.forEach(list::add);
                            });
        }
    }

    /** {@code SelfSubjectAccessReview} and its kin: whether something is allowed. */
    void addDecision(ObjectNode review, UserInfo user) {
        JsonNode spec = review.path("spec");
        RbacAuthorizer.Decision decision = authorizer.decide(user, attributes(spec));
        ObjectNode status = review.putObject("status").put("allowed", decision.allowed());
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
    }

    /** The user that a {@code SubjectAccessReview} asks about. */
    static UserInfo subject(JsonNode spec) {
        List<String> groups = new ArrayList<>();
        spec.path("groups").forEach(group -> groups.add(group.asText()));
        return new UserInfo(
                spec.path("user").asText(), spec.path("uid").asText(), groups, Map.of());
    }

    private static RequestAttributes attributes(JsonNode spec) {
        JsonNode path = spec.path("nonResourceAttributes");
        if (path.isObject()) {
            return new RequestAttributes(
                    path.path("verb").asText(), "", "", "", "", "", path.path("path").asText());
        }
        JsonNode resource = spec.path("resourceAttributes");
        return new RequestAttributes(
                resource.path("verb").asText(),
                resource.path("group").asText(),
                resource.path("resource").asText(),
                resource.path("subresource").asText(),
                resource.path("namespace").asText(),
                resource.path("name").asText(),
                "");
    }

    /** {@code SelfSubjectRulesReview}: all that is allowed in a namespace. */
    void addRules(ObjectNode review, UserInfo user) {
        ObjectNode status = review.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        String namespace = review.path("spec").path("namespace").asText();
        for (JsonNode rule : authorizer.rules(user, namespace)) {
            boolean ofPaths = rule.has("nonResourceURLs");
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            List.of("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")
                    .forEach(
                            field -> {
                                if (rule.has(field)) {
                                    copy.set(field, rule.get(field));
                                }
                            });
            (ofPaths ? paths : resources).add(copy);
        }
        status.put("incomplete", false);
    }
}
