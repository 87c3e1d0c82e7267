package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.util.ArrayList;
import java.util.List;

/** What Kubernetes demands of autoscalers. */
final class AutoscalerRules {

    private static final List<String> METRICS =
            List.of("ContainerResource", "External", "Object", "Pods", "Resource");
    private static final List<String> SOURCES =
            List.of("object", "external", "pods", "resource", "containerResource");
    private static final String EITHER =
            "must set either a target raw value or a target utilization";
    private static final int LONGEST_WINDOW = 3600;
    private static final int LONGEST_PERIOD = 1800;

    private AutoscalerRules() {}

    static void validate(Check check, At spec) {
        At min = spec.get("minReplicas");
        At max = spec.get("maxReplicas");
        if (min.set() && min.number() < 1) {
            check.invalid(min, "must be greater than or equal to 1");
        }
        if (max.number() < 1) {
            check.invalidNumber(max, Check.POSITIVE);
        }
        if (min.set() && max.number() < min.number()) {
            check.invalidNumber(max, "must be greater than or equal to `minReplicas`");
        }
        target(
                check,
                spec.get("scaleTargetRef"),
                spec.get("scaleTargetRef", "kind").is("ReplicationController"));
        boolean outside = false;
        for (At metric : spec.get("metrics").items()) {
            metric(check, metric);
            outside |= metric.get("type").is("Object", "External");
        }
        if (min.set() && min.number() == 0 && !outside) {
            check.forbidden(
                    spec.get("metrics"),
                    "must specify at least one Object or External metric to support scaling to"
                            + " zero replicas");
        }
        for (String direction : List.of("scaleUp", "scaleDown")) {
            rules(check, spec.get("behavior", direction));
        }
    }

    private static void target(Check check, At target, boolean emptyGroup) {
        check.pathSegment(target.get("kind"));
        check.pathSegment(target.get("name"));
        At version = target.get("apiVersion");
        String text = version.text();
        if (text.chars().filter(c -> c == '/').count() > 1) {
            check.invalidText(version, "unexpected GroupVersion string: " + text);
        } else if (!emptyGroup && text.indexOf('/') <= 0) {
            check.invalidText(version, "apiVersion must specify API group");
        }
    }

    private static void metric(Check check, At metric) {
        At type = metric.get("type");
        if (type.blank()) {
            check.required(type, "must specify a metric source type");
        }
        if (!METRICS.contains(type.text())) {
            check.notSupported(type, METRICS);
        }
        List<String> present = new ArrayList<>();
        for (String source : SOURCES) {
            if (metric.get(source).set()) {
                present.add(source);
                if (present.size() == 1) {
                    source(check, source, metric.get(source));
                }
            }
        }
        if (!METRICS.contains(type.text())) {
            check.notSupported(type, METRICS);
        } else {
            String expected = Check.lower(type.text().substring(0, 1)) + type.text().substring(1);
            if (!metric.get(expected).set()) {
                check.required(
                        metric.get(expected),
                        "must populate information for the given metric source");
            }
            present.remove(present.size() == 1 ? "" : expected);
        }
        if (present.size() > 1 || (present.size() == 1 && sources(metric) > 1)) {
            for (String source : present) {
                check.forbidden(metric.get(source), "must populate the given metric source only");
            }
        }
    }

    private static int sources(At metric) {
        return (int) SOURCES.stream().filter(source -> metric.get(source).set()).count();
    }

    private static void source(Check check, String kind, At source) {
        At target = source.get("target");
        switch (kind) {
            case "object" -> {
                target(check, source.get("describedObject"), true);
                name(check, source.get("metric", "name"));
                value(check, target);
                if (!target.get("value").set() && !target.get("averageValue").set()) {
                    check.required(
                            target.get("averageValue"),
                            "must set either a target value or averageValue");
                }
            }
            case "external" -> {
                name(check, source.get("metric", "name"));
                value(check, target);
                if (!target.get("value").set() && !target.get("averageValue").set()) {
                    check.required(
                            target.get("averageValue"),
                            "must set either a target value for metric or a per-pod target");
                }
                if (target.get("value").set() && target.get("averageValue").set()) {
                    check.forbidden(
                            target.get("value"),
                            "may not set both a target value for metric and a per-pod target");
                }
            }
            case "pods" -> {
                name(check, source.get("metric", "name"));
                value(check, target);
                if (!target.get("averageValue").set()) {
                    check.required(
                            target.get("averageValue"),
                            "must specify a positive target averageValue");
                }
            }
            default -> {
                check.requiredText(source.get("name"), "must specify a resource name");
                if (kind.equals("containerResource")
                        && check.requiredText(
                                source.get("container"), "must specify a container")) {
                    check.label1123(source.get("container"));
                }
                value(check, target);
                boolean utilization = target.get("averageUtilization").set();
                boolean raw = target.get("averageValue").set();
                if (!utilization && !raw) {
                    check.required(target.get("averageUtilization"), EITHER);
                }
                if (utilization && raw) {
                    check.forbidden(
                            target.get("averageValue"),
                            "may not set both a target raw value and a target utilization");
                }
            }
        }
    }

    private static void name(Check check, At name) {
        if (check.requiredText(name, "must specify a metric name")) {
            check.names(
                    name,
                    dev.meshdojo.simulator.apiserver.builtin.Names.pathSegment(name.text(), false));
        }
    }

    private static void value(Check check, At target) {
        At type = target.get("type");
        check.requiredText(type, "must specify a metric target type");
        if (!type.is("Utilization", "Value", "AverageValue")) {
            check.invalidText(type, "must be either Utilization, Value, or AverageValue");
        }
        for (String field : List.of("value", "averageValue")) {
            At quantity = target.get(field);
            if (quantity.set() && Quantities.value(quantity.text()).signum() != 1) {
                check.invalid(
                        quantity.path(),
                        TextNode.valueOf(Quantities.canonical(quantity.text())),
                        "must be positive");
            }
        }
        At utilization = target.get("averageUtilization");
        if (utilization.set() && utilization.number() < 1) {
            check.invalid(utilization, Check.POSITIVE);
        }
    }

    private static void rules(Check check, At rules) {
        if (!rules.set()) {
            return;
        }
        At window = rules.get("stabilizationWindowSeconds");
        if (window.number() < 0) {
            check.invalid(window, "must be greater than or equal to zero");
        }
        if (window.number() > LONGEST_WINDOW) {
            check.invalid(window, "must be less than or equal to " + LONGEST_WINDOW);
        }
        check.oneOf(rules.get("selectPolicy"), List.of("Disabled", "Max", "Min"));
        At policies = rules.get("policies");
        if (policies.empty()) {
            check.required(policies, "must specify at least one Policy");
        }
        for (At policy : policies.items()) {
            if (!policy.get("type").is("Percent", "Pods")) {
                check.notSupported(policy.get("type"), List.of("Percent", "Pods"));
            }
            At period = policy.get("periodSeconds");
            for (At at : List.of(policy.get("value"), period)) {
                if (at.number() <= 0) {
                    check.invalidNumber(at, "must be greater than zero");
                }
            }
            if (period.number() > LONGEST_PERIOD) {
                check.invalid(period, "must be less than or equal to " + LONGEST_PERIOD);
            }
        }
        At tolerance = rules.get("tolerance");
        if (tolerance.set()) {
            check.nonNegativeQuantity(tolerance);
        }
    }
}
