package dev.meshdojo.simulator.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Role-based access control by the stored roles and bindings. Members of {@code system:masters} may
 * do everything. Thread-safe.
 */
final class RbacAuthorizer {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private final ResourceApi api;

    RbacAuthorizer(ResourceApi api) {
        this.api = api;
    }

    /**
     * Whether something may be done.
     *
     * @param reason which binding allows it, or which role is missing; may be empty
     */
    record Decision(boolean allowed, String reason) {}

    /** A rule that holds for a user; null for a role that is missing. */
    private record Grant(@Nullable JsonNode rule, String source) {}

    Decision decide(UserInfo user, RequestAttributes attributes) {
        if (user.groups().contains(UserInfo.MASTERS)) {
            return new Decision(true, "");
        }
        List<String> missing = new ArrayList<>();
        for (Grant grant : grants(user, attributes.namespace())) {
            if (grant.rule() == null) {
                missing.add(grant.source());
            } else if (matches(grant.rule(), attributes)) {
                return new Decision(true, "RBAC: allowed by " + grant.source());
            }
        }
        return new Decision(false, missing.isEmpty() ? "" : "RBAC: " + aggregate(missing));
    }

    private static String aggregate(List<String> messages) {
        List<String> distinct = messages.stream().distinct().toList();
        return distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]";
    }

    /** The rules that hold for a user in a namespace; cluster-wide ones alone when it is empty. */
    List<JsonNode> rules(UserInfo user, String namespace) {
        List<JsonNode> rules = new ArrayList<>();
        for (Grant grant : grants(user, namespace)) {
            if (grant.rule() != null) {
                rules.add(grant.rule());
            }
        }
        return rules;
    }

    private List<Grant> grants(UserInfo user, String namespace) {
        List<Grant> rules = new ArrayList<>();
        for (ObjectNode binding : api.list(GROUP, "clusterrolebindings", "", "").items()) {
            addRules(binding, user, "", rules);
        }
        if (!namespace.isEmpty()) {
            for (ObjectNode binding : api.list(GROUP, "rolebindings", namespace, "").items()) {
                addRules(binding, user, namespace, rules);
            }
        }
        return rules;
    }

    private void addRules(ObjectNode binding, UserInfo user, String namespace, List<Grant> rules) {
        for (JsonNode subject : binding.path("subjects")) {
            if (isUser(subject, user, namespace)) {
                JsonNode reference = binding.path("roleRef");
                boolean cluster = reference.path("kind").asText().equals("ClusterRole");
                ObjectNode role =
                        api.find(
                                new ResourceKey(
                                        GROUP,
                                        cluster ? "clusterroles" : "roles",
                                        cluster ? "" : namespace,
                                        reference.path("name").asText()));
                if (role == null) {
                    rules.add(new Grant(null, missing(reference)));
                    return;
                }
                String source = source(binding, subject, namespace);
                role.path("rules").forEach(rule -> rules.add(new Grant(rule, source)));
                return;
            }
        }
    }

    private static String missing(JsonNode role) {
        return "%s.%s \"%s\" not found"
                .formatted(
                        role.path("kind").asText().toLowerCase(Locale.ROOT),
                        GROUP,
                        role.path("name").asText());
    }

    private static String source(ObjectNode binding, JsonNode subject, String namespace) {
        JsonNode role = binding.path("roleRef");
        String name = binding.path("metadata").path("name").asText();
        return "%s \"%s\" of %s \"%s\" to %s"
                .formatted(
                        namespace.isEmpty() ? "ClusterRoleBinding" : "RoleBinding",
                        namespace.isEmpty() ? name : name + "/" + namespace,
                        role.path("kind").asText(),
                        role.path("name").asText(),
                        describe(subject, namespace));
    }

    private static String describe(JsonNode subject, String namespace) {
        String kind = subject.path("kind").asText();
        String name = subject.path("name").asText();
        return kind.equals("ServiceAccount")
                ? "%s \"%s/%s\"".formatted(kind, name, subject.path("namespace").asText(namespace))
                : "%s \"%s\"".formatted(kind, name);
    }

    private static boolean isUser(JsonNode subject, UserInfo user, String namespace) {
        String name = subject.path("name").asText();
        return switch (subject.path("kind").asText()) {
            case "User" -> name.equals(user.username());
            case "Group" -> user.groups().contains(name);
            case "ServiceAccount" -> {
                String of = subject.path("namespace").asText(namespace);
                yield user.username().equals("system:serviceaccount:" + of + ":" + name);
            }
            default -> false;
        };
    }

    private static boolean matches(JsonNode rule, RequestAttributes attributes) {
        if (!holds(rule.path("verbs"), attributes.verb())) {
            return false;
        }
        if (!attributes.isResource()) {
            return matchesPath(rule.path("nonResourceURLs"), attributes.path());
        }
        return holds(rule.path("apiGroups"), attributes.group())
                && matchesResource(rule.path("resources"), attributes)
                && (rule.path("resourceNames").isEmpty()
                        || contains(rule.path("resourceNames"), attributes.name()));
    }

    private static boolean matchesResource(JsonNode resources, RequestAttributes attributes) {
        return holds(resources, attributes.fullResource())
                || (!attributes.subresource().isEmpty()
                        && contains(resources, "*/" + attributes.subresource()));
    }

    private static boolean matchesPath(JsonNode paths, String path) {
        for (JsonNode candidate : paths) {
            String pattern = candidate.asText();
            boolean prefix =
                    pattern.endsWith("*")
                            && path.startsWith(pattern.substring(0, pattern.length() - 1));
            if (prefix || pattern.equals(path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(JsonNode list, String value) {
        return contains(list, "*") || contains(list, value);
    }

    private static boolean contains(JsonNode list, String value) {
        for (JsonNode element : list) {
            if (element.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }
}
