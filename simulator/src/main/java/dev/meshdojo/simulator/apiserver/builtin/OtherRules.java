package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.List;

/** What Kubernetes demands of autoscalers, budgets, leases, RBAC and definitions. */
final class OtherRules {

    private OtherRules() {}

    static void autoscaler(Check check, ObjectNode object) {
        JsonNode spec = object.path("spec");
        JsonNode min = spec.path("minReplicas");
        JsonNode max = spec.path("maxReplicas");
        if (min.isNumber() && min.asInt() < 1) {
            check.invalid("spec.minReplicas", min, "must be greater than or equal to 1");
        }
        if (max.asInt(0) < 1) {
            check.invalid("spec.maxReplicas", max, "must be greater than 0");
        }
        if (min.isNumber() && max.asInt(0) < min.asInt()) {
            check.invalid(
                    "spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
        }
        JsonNode target = spec.path("scaleTargetRef");
        if (target.path("kind").asText("").isEmpty()) {
            check.required("spec.scaleTargetRef.kind", "");
        }
        if (target.path("name").asText("").isEmpty()) {
            check.required("spec.scaleTargetRef.name", "");
        }
        String version = target.path("apiVersion").asText("");
        boolean core = target.path("kind").asText().equals("ReplicationController");
        if (!core && version.indexOf('/') < 0) {
            check.invalid(
                    "spec.scaleTargetRef.apiVersion",
                    TextNode.valueOf(version),
                    "apiVersion must specify API group");
        }
        if (min.isNumber() && min.asInt() == 0) {
            boolean external = false;
            for (JsonNode metric : spec.path("metrics")) {
                external |= List.of("Object", "External").contains(metric.path("type").asText());
            }
            if (!external) {
                check.forbidden(
                        "spec.metrics",
                        "must specify at least one Object or External metric to support scaling to"
                                + " zero replicas");
            }
        }
    }

    static void budget(Check check, ObjectNode object) {
        JsonNode spec = object.path("spec");
        if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
            ObjectNode printed = object.objectNode();
            printed.set("MinAvailable", spec.path("minAvailable"));
            printed.set("Selector", spec.path("selector"));
            printed.set("MaxUnavailable", spec.path("maxUnavailable"));
            printed.putNull("UnhealthyPodEvictionPolicy");
            check.invalid("spec", printed, "minAvailable and maxUnavailable cannot be both set");
        }
        for (String field : List.of("minAvailable", "maxUnavailable")) {
            if (spec.has(field)) {
                WorkloadRules.amount(check, "spec." + field, spec.path(field));
            }
        }
        check.selector("spec.selector", spec.path("selector"));
        check.oneOf(
                "spec.unhealthyPodEvictionPolicy",
                spec.path("unhealthyPodEvictionPolicy"),
                List.of("AlwaysAllow", "IfHealthyBudget"));
    }

    static void lease(Check check, ObjectNode object) {
        JsonNode spec = object.path("spec");
        check.positive("spec.leaseDurationSeconds", spec.path("leaseDurationSeconds"));
        check.nonNegative("spec.leaseTransitions", spec.path("leaseTransitions"));
    }

    static void role(Check check, ObjectNode object, boolean namespaced) {
        int index = 0;
        for (JsonNode rule : object.path("rules")) {
            String at = "rules[" + index++ + "]";
            if (rule.path("verbs").isEmpty()) {
                check.required(at + ".verbs", "verbs must contain at least one value");
            }
            if (!rule.path("nonResourceURLs").isEmpty()) {
                if (namespaced) {
                    check.invalid(
                            at + ".nonResourceURLs",
                            rule.path("nonResourceURLs"),
                            "namespaced rules cannot apply to non-resource URLs");
                }
                continue;
            }
            if (rule.path("apiGroups").isEmpty()) {
                check.required(
                        at + ".apiGroups", "resource rules must supply at least one api group");
            }
            if (rule.path("resources").isEmpty()) {
                check.required(
                        at + ".resources", "resource rules must supply at least one resource");
            }
        }
    }

    static void binding(Check check, ObjectNode object, boolean namespaced) {
        JsonNode role = object.path("roleRef");
        check.oneOf(
                "roleRef.apiGroup", role.path("apiGroup"), List.of("rbac.authorization.k8s.io"));
        List<String> kinds = namespaced ? List.of("Role", "ClusterRole") : List.of("ClusterRole");
        if (!kinds.contains(role.path("kind").asText())) {
            check.add(FieldError.notSupported("roleRef.kind", role.path("kind"), kinds));
        }
        if (role.path("name").asText("").isEmpty()) {
            check.required("roleRef.name", "");
        }
        int index = 0;
        for (JsonNode subject : object.path("subjects")) {
            String at = "subjects[" + index++ + "]";
            if (subject.path("name").asText("").isEmpty()) {
                check.required(at + ".name", "");
            }
            switch (subject.path("kind").asText()) {
                case "ServiceAccount" -> {
                    if (!namespaced && subject.path("namespace").asText("").isEmpty()) {
                        check.required(at + ".namespace", "");
                    }
                }
                case "User", "Group" ->
                        check.oneOf(
                                at + ".apiGroup",
                                subject.path("apiGroup"),
                                List.of("rbac.authorization.k8s.io"));
                default ->
                        check.add(
                                FieldError.notSupported(
                                        at + ".kind",
                                        subject.path("kind"),
                                        List.of("ServiceAccount", "User", "Group")));
            }
        }
    }

    static void bindingUpdate(Check check, ObjectNode object, ObjectNode old) {
        if (!object.path("roleRef").equals(old.path("roleRef"))) {
            ObjectNode printed = object.objectNode();
            printed.set("APIGroup", object.path("roleRef").path("apiGroup"));
            printed.set("Kind", object.path("roleRef").path("kind"));
            printed.set("Name", object.path("roleRef").path("name"));
            check.invalid("roleRef", printed, "cannot change roleRef");
        }
    }

    static void claim(Check check, ObjectNode object) {
        JsonNode spec = object.path("spec");
        if (spec.path("accessModes").isEmpty()) {
            check.required("spec.accessModes", "at least 1 access mode is required");
        }
        int index = 0;
        for (JsonNode mode : spec.path("accessModes")) {
            check.oneOf(
                    "spec.accessModes[" + index++ + "]",
                    mode,
                    List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"));
        }
        JsonNode storage = spec.path("resources").path("requests").path("storage");
        if (storage.isMissingNode()) {
            check.required("spec.resources[storage]", "");
        } else if (Quantities.value(storage.asText()).signum() <= 0) {
            check.invalid("spec.resources[storage]", storage, "must be greater than zero");
        }
    }
}
