package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What Kubernetes demands of roles and their bindings. */
final class RbacRules {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private RbacRules() {}

    static void role(Check check, At role, boolean namespaced) {
        for (At rule : role.get("rules").items()) {
            if (rule.get("verbs").empty()) {
                check.required(rule.get("verbs"), "verbs must contain at least one value");
            }
            At urls = rule.get("nonResourceURLs");
            if (urls.empty()) {
                if (rule.get("apiGroups").empty()) {
                    check.required(
                            rule.get("apiGroups"),
                            "resource rules must supply at least one api group");
                }
                if (rule.get("resources").empty()) {
                    check.required(
                            rule.get("resources"),
                            "resource rules must supply at least one resource");
                }
                continue;
            }
            if (namespaced) {
                check.invalid(urls, "namespaced rules cannot apply to non-resource URLs");
            }
            if (!rule.get("apiGroups").empty()
                    || !rule.get("resources").empty()
                    || !rule.get("resourceNames").empty()) {
                check.invalid(
                        urls, "rules cannot apply to both regular resources and non-resource URLs");
            }
        }
        At aggregation = role.get("aggregationRule");
        if (aggregation.set()) {
            At selectors = aggregation.get("clusterRoleSelectors");
            if (selectors.empty()) {
                check.required(
                        selectors,
                        "at least one clusterRoleSelector required if aggregationRule is non-nil");
            }
            selectors.items().forEach(check::selector);
        }
    }

    static void binding(Check check, At binding, boolean namespaced) {
        At role = binding.get("roleRef");
        if (!role.get("apiGroup").is(GROUP)) {
            check.notSupported(role.get("apiGroup"), List.of(GROUP));
        }
        List<String> kinds = namespaced ? List.of("Role", "ClusterRole") : List.of("ClusterRole");
        if (!kinds.contains(role.get("kind").text())) {
            check.notSupported(role.get("kind"), kinds);
        }
        check.pathSegment(role.get("name"));
        for (At subject : binding.get("subjects").items()) {
            subject(check, subject, namespaced);
        }
    }

    private static void subject(Check check, At subject, boolean namespaced) {
        At name = subject.get("name");
        At group = subject.get("apiGroup");
        boolean named = check.requiredText(name, "");
        switch (subject.get("kind").text()) {
            case "ServiceAccount" -> {
                if (named) {
                    check.subdomain(name);
                }
                if (!group.blank()) {
                    check.notSupported(group, List.of(""));
                }
                if (!namespaced) {
                    check.requiredText(subject.get("namespace"), "");
                }
            }
            case "User", "Group" -> {
                if (!group.is(GROUP)) {
                    check.notSupported(group, List.of(GROUP));
                }
            }
            default ->
                    check.notSupported(
                            subject.get("kind"), List.of("ServiceAccount", "User", "Group"));
        }
    }

    static void bindingUpdate(Check check, At binding, At old, boolean namespaced) {
        binding(check, binding, namespaced);
        JsonNode now = binding.get("roleRef").value();
        if (!now.equals(old.get("roleRef").value())) {
            check.invalid("roleRef", InternalForm.of("rbac.RoleRef", now), "cannot change roleRef");
        }
    }
}
