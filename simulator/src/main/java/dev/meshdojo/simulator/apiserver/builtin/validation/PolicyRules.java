package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What Kubernetes demands of budgets, quotas, limit ranges, leases and priority classes. */
final class PolicyRules {

    private static final Set<String> SCOPES =
            Set.of(
                    "Terminating",
                    "NotTerminating",
                    "BestEffort",
                    "NotBestEffort",
                    "PriorityClass",
                    "VolumeAttributesClass",
                    "CrossNamespacePodAffinity");
    private static final Set<String> POD_COMPUTE =
            Set.of(
                    "pods",
                    "cpu",
                    "memory",
                    "limits.cpu",
                    "limits.memory",
                    "requests.cpu",
                    "requests.memory");
    private static final long HIGHEST_PRIORITY = 1_000_000_000;

    private PolicyRules() {}

    static void budget(Check check, At spec) {
        At min = spec.get("minAvailable");
        At max = spec.get("maxUnavailable");
        if (min.set() && max.set()) {
            check.invalid(
                    spec.path(),
                    InternalForm.of("policy.PodDisruptionBudgetSpec", spec.value()),
                    "minAvailable and maxUnavailable cannot be both set");
        }
        for (At at : List.of(min, max)) {
            if (at.set()) {
                check.amount(at);
                check.atMost100Percent(at);
            }
        }
        check.selector(spec.get("selector"));
        check.oneOf(
                spec.get("unhealthyPodEvictionPolicy"), List.of("AlwaysAllow", "IfHealthyBudget"));
    }

    static void quota(Check check, At spec) {
        Map<String, At> hard = spec.get("hard").entries();
        for (Map.Entry<String, At> entry : hard.entrySet()) {
            ResourceNames.quota(check, entry.getValue(), entry.getKey());
            ResourceNames.quantity(check, entry.getValue(), entry.getKey());
        }
        At scopes = spec.get("scopes");
        Set<String> seen = new HashSet<>();
        for (At scope : scopes.items()) {
            if (!SCOPES.contains(scope.text())) {
                check.invalid(scopes, "unsupported scope");
            }
            for (String resource : hard.keySet()) {
                if (ResourceNames.isQuota(resource) && !applies(scope.text(), resource)) {
                    check.invalid(scopes, "unsupported scope applied to resource");
                }
            }
            seen.add(scope.text());
        }
        conflicts(check, scopes, seen);
        scopeSelector(check, spec, hard.keySet());
    }

    private static void conflicts(Check check, At scopes, Set<String> seen) {
        for (List<String> pair :
                List.of(
                        List.of("BestEffort", "NotBestEffort"),
                        List.of("Terminating", "NotTerminating"))) {
            if (seen.containsAll(pair)) {
                check.invalid(scopes, "conflicting scopes");
            }
        }
    }

    private static boolean applies(String scope, String resource) {
        return switch (scope) {
            case "Terminating",
                    "NotTerminating",
                    "NotBestEffort",
                    "PriorityClass",
                    "CrossNamespacePodAffinity" ->
                    POD_COMPUTE.contains(resource);
            case "BestEffort" -> resource.equals("pods");
            case "VolumeAttributesClass" ->
                    resource.equals("persistentvolumeclaims")
                            || resource.equals("requests.storage");
            default -> true;
        };
    }

    private static void scopeSelector(Check check, At spec, Set<String> hard) {
        At selector = spec.get("scopeSelector");
        At expressions = selector.get("matchExpressions");
        Set<String> seen = new HashSet<>();
        for (At expression : expressions.items()) {
            At scope = expression.get("scopeName").as(expressions.below("scopeName"));
            At operator = expression.get("operator").as(expressions.below("operator"));
            At values = expression.get("values").as(expressions.below("values"));
            if (!SCOPES.contains(scope.text())) {
                check.invalidText(scope, "unsupported scope");
            }
            for (String resource : hard) {
                if (ResourceNames.isQuota(resource) && !applies(scope.text(), resource)) {
                    check.invalid(
                            expressions.path(),
                            InternalForm.of("core.ScopeSelector", selector.value()),
                            "unsupported scope applied to resource");
                }
            }
            boolean plain =
                    SCOPES.contains(scope.text())
                            && !scope.is("PriorityClass", "VolumeAttributesClass");
            if (plain && !operator.is("Exists")) {
                check.invalidText(
                        operator,
                        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                                + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort,"
                                + " ResourceQuotaScopeNotBestEffort or"
                                + " ResourceQuotaScopeCrossNamespacePodAffinity");
            }
            switch (operator.text()) {
                case "In", "NotIn" -> {
                    if (values.empty()) {
                        check.required(
                                values,
                                "must be at least one value when `operator` is 'In' or 'NotIn' for"
                                        + " scope selector");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.empty()) {
                        check.invalid(
                                values,
                                "must be no value when `operator` is 'Exist' or 'DoesNotExist' for"
                                        + " scope selector");
                    }
                }
                default -> check.invalidText(operator, "not a valid selector operator");
            }
            seen.add(scope.text());
        }
        conflicts(check, spec.get("scopes").as(selector.below("matchExpressions")), seen);
    }

    static void quotaUpdate(Check check, At quota, At old) {
        quota(check, quota.get("spec"));
        Set<String> now = new TreeSet<>();
        Set<String> before = new TreeSet<>();
        quota.get("spec", "scopes").items().forEach(scope -> now.add(scope.text()));
        old.get("spec", "scopes").items().forEach(scope -> before.add(scope.text()));
        if (!now.equals(before)) {
            check.invalid(quota.get("spec", "scopes"), Check.IMMUTABLE);
        }
    }

    static void limitRange(Check check, At spec) {
        Set<String> types = new HashSet<>();
        for (At limit : spec.get("limits").items()) {
            At type = limit.get("type");
            int before = check.errors().size();
            check.qualified(type);
            if (check.cleanSince(before)
                    && !type.text().contains("/")
                    && !type.is("Pod", "Container", "PersistentVolumeClaim")) {
                check.invalidText(type, "must be a standard limit type or fully qualified");
            }
            if (!types.add(type.text())) {
                check.duplicateText(type);
            }
            new LimitRules(check, limit).validate();
        }
    }

    static void lease(Check check, At spec) {
        At duration = spec.get("leaseDurationSeconds");
        if (duration.set() && duration.number() <= 0) {
            check.invalid(duration, Check.POSITIVE);
        }
        check.nonNegative(spec.get("leaseTransitions"));
    }

    static void priorityClass(Check check, At object) {
        At name = object.get("metadata", "name");
        At value = object.get("value");
        if (name.text().startsWith("system-")) {
            if (!name.is("system-node-critical", "system-cluster-critical")) {
                check.forbidden(
                        name,
                        "priority class names with 'system-' prefix are reserved for system use"
                                + " only. error: "
                                + name.text()
                                + " is not a known system priority class");
            }
        } else if (value.number() > HIGHEST_PRIORITY) {
            check.forbidden(
                    value,
                    "maximum allowed value of a user defined priority is " + HIGHEST_PRIORITY);
        }
        check.oneOf(object.get("preemptionPolicy"), List.of("PreemptLowerPriority", "Never"));
    }

    static void priorityClassUpdate(Check check, At object, At old) {
        if (object.get("value").number() != old.get("value").number()) {
            check.forbidden("value", "may not be changed in an update.");
        }
        check.immutable(object.get("preemptionPolicy"), old.get("preemptionPolicy"));
    }

    static void runtimeClass(Check check, At object) {
        At handler = object.get("handler");
        check.names(handler, Names.label(handler.text(), false));
        ResourceRules.overhead(check, object.get("overhead", "podFixed"));
    }

    static void namespace(Check check, At finalizers) {
        for (At finalizer : finalizers.items()) {
            At at = finalizer.as(finalizers.path());
            check.qualified(at);
            boolean known = at.is("kubernetes", "orphan", "foregroundDeletion");
            if (!at.text().contains("/") && !known) {
                check.invalidText(
                        at, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    static void node(Check check, At node) {
        SchedulingRules.taints(check, node.get("spec", "taints").as("metadata.taints"));
        for (At range : node.get("spec", "podCIDRs").items()) {
            check.cidr(range);
        }
    }

    static void nodeUpdate(Check check, At node, At old) {
        boolean moved =
                !Check.same(
                                node.get("spec", "podCIDRs").value(),
                                old.get("spec", "podCIDRs").value())
                        || !Check.same(
                                node.get("spec", "podCIDR").value(),
                                old.get("spec", "podCIDR").value());
        if (!old.get("spec", "podCIDRs").empty() && moved) {
            check.forbidden(
                    "spec.podCIDRs",
                    "node updates may not change podCIDR except from \"\" to valid");
        }
        At provider = old.get("spec", "providerID");
        if (!provider.blank() && !node.get("spec", "providerID").is(provider.text())) {
            check.forbidden(
                    "spec.providerID",
                    "node updates may not change providerID except from \"\" to valid");
        }
        SchedulingRules.taints(check, node.get("spec", "taints").as("metadata.taints"));
    }
}
