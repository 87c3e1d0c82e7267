package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of affinity, tolerations, taints and spreading. */
final class SchedulingRules {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final String WEIGHT = "must be in the range 1-100";
    private static final List<String> EFFECTS =
            List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private SchedulingRules() {}

    static void affinity(Check check, At affinity) {
        At node = affinity.get("nodeAffinity");
        if (node.get(REQUIRED).set()) {
            nodeSelector(check, node.get(REQUIRED));
        }
        for (At term : node.get(PREFERRED).items()) {
            weight(check, term.get("weight"));
            nodeTerm(check, term.get("preference"), false);
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            At pods = affinity.get(kind);
            pods.get(REQUIRED).items().forEach(term -> podTerm(check, term));
            for (At term : pods.get(PREFERRED).items()) {
                weight(check, term.get("weight"));
                podTerm(check, term.get("podAffinityTerm"));
            }
        }
    }

    private static void weight(Check check, At weight) {
        if (weight.number() <= 0 || weight.number() > 100) {
            check.invalidNumber(weight, WEIGHT);
        }
    }

    static void nodeSelector(Check check, At selector) {
        At terms = selector.get("nodeSelectorTerms");
        if (terms.empty()) {
            check.required(terms, "must have at least one node selector term");
        }
        terms.items().forEach(term -> nodeTerm(check, term, true));
    }

    private static void nodeTerm(Check check, At term, boolean strict) {
        for (At expression : term.get("matchExpressions").items()) {
            At values = expression.get("values");
            switch (expression.get("operator").text()) {
                case "In", "NotIn" -> {
                    if (values.empty()) {
                        check.required(
                                values, "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (!values.empty()) {
                        check.forbidden(
                                values,
                                "may not be specified when `operator` is 'Exists' or"
                                        + " 'DoesNotExist'");
                    }
                }
                case "Gt", "Lt" -> {
                    if (values.value().size() != 1) {
                        check.required(
                                values,
                                "must be specified single value when `operator` is 'Lt' or 'Gt'");
                    }
                }
                default ->
                        check.invalidText(
                                expression.get("operator"), "not a valid selector operator");
            }
            check.qualified(expression.get("key"));
            if (strict) {
                values.items().forEach(value -> check.names(value, Names.labelValue(value.text())));
            }
        }
        for (At field : term.get("matchFields").items()) {
            if (!field.get("operator").is("In", "NotIn")) {
                check.invalidText(field.get("operator"), "not a valid selector operator");
            } else if (field.get("values").value().size() != 1) {
                check.required(
                        field.get("values"),
                        "must be only one value when `operator` is 'In' or 'NotIn' for node field"
                                + " selector");
            }
            if (!field.get("key").is("metadata.name")) {
                check.invalidText(field.get("key"), "not a valid field selector key");
            } else {
                field.get("values").items().forEach(check::subdomain);
            }
        }
    }

    private static void podTerm(Check check, At term) {
        check.selector(term.get("labelSelector"));
        check.selector(term.get("namespaceSelector"));
        for (At namespace : term.get("namespaces").items()) {
            check.names(
                    namespace.as(term.below("namespace")), Names.label(namespace.text(), false));
        }
        labelKeys(check, term.get("matchLabelKeys"), term);
        labelKeys(check, term.get("mismatchLabelKeys"), term);
        At topology = term.get("topologyKey");
        if (topology.blank()) {
            check.required(topology, "can not be empty");
        }
        check.qualified(topology);
    }

    private static void labelKeys(Check check, At keys, At owner) {
        if (keys.empty()) {
            return;
        }
        if (!owner.get("labelSelector").set()) {
            check.forbidden(keys, "must not be specified when labelSelector is not set");
            return;
        }
        keys.items().forEach(check::qualified);
    }

    static void spread(Check check, At constraints) {
        List<At> all = constraints.items();
        for (int i = 0; i < all.size(); i++) {
            At constraint = all.get(i);
            At topology = constraint.get("topologyKey");
            At action = constraint.get("whenUnsatisfiable");
            if (constraint.get("maxSkew").number() <= 0) {
                check.invalidNumber(constraint.get("maxSkew"), "must be greater than zero");
            }
            if (topology.blank()) {
                check.required(topology, "can not be empty");
            }
            if (!action.is("DoNotSchedule", "ScheduleAnyway")) {
                check.notSupported(action, List.of("DoNotSchedule", "ScheduleAnyway"));
            }
            for (At later : all.subList(i + 1, all.size())) {
                if (later.get("topologyKey").is(topology.text())
                        && later.get("whenUnsatisfiable").is(action.text())) {
                    check.duplicate(
                            constraint.below("{topologyKey, whenUnsatisfiable}"),
                            TextNode.valueOf("{" + topology.text() + ", " + action.text() + "}"));
                    break;
                }
            }
            At domains = constraint.get("minDomains");
            if (domains.set()) {
                check.positive(domains);
                if (!action.is("DoNotSchedule")) {
                    check.invalid(
                            domains,
                            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "
                                    + action.text());
                }
            }
            check.oneOf(constraint.get("nodeAffinityPolicy"), List.of("Honor", "Ignore"));
            check.oneOf(constraint.get("nodeTaintsPolicy"), List.of("Honor", "Ignore"));
            labelKeys(check, constraint.get("matchLabelKeys"), constraint);
            check.selector(constraint.get("labelSelector"));
        }
    }

    static void tolerations(Check check, At tolerations) {
        for (At toleration : tolerations.items()) {
            At key = toleration.get("key");
            At operator = toleration.get("operator");
            At effect = toleration.get("effect");
            if (!key.blank()) {
                check.qualified(key);
            } else if (!operator.is("Exists")) {
                check.invalidText(
                        operator,
                        "operator must be Exists when `key` is empty, which means \"match all"
                                + " values and all keys\"");
            }
            if (toleration.get("tolerationSeconds").set() && !effect.is("NoExecute")) {
                check.invalidText(
                        effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            operator(check, operator, toleration.get("value").text());
            if (!effect.blank() && !EFFECTS.contains(effect.text())) {
                check.notSupported(effect, EFFECTS);
            }
        }
    }

    private static void operator(Check check, At operator, String value) {
        switch (operator.text()) {
            case "Equal", "" -> {
                List<String> problems = Names.labelValue(value);
                if (!problems.isEmpty()) {
                    check.invalidText(operator.path(), value, String.join(";", problems));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    check.invalidText(
                            operator.path(),
                            value,
                            "value must be empty when `operator` is 'Exists'");
                }
            }
            case "Lt", "Gt" -> check.notSupported(operator, List.of("Equal", "Exists", "Lt", "Gt"));
            default -> check.notSupported(operator, List.of("Equal", "Exists"));
        }
    }

    static void taints(Check check, At taints) {
        Set<String> seen = new HashSet<>();
        for (At taint : taints.items()) {
            check.qualified(taint.get("key"));
            List<String> problems = Names.labelValue(taint.get("value").text());
            if (!problems.isEmpty()) {
                check.invalidText(taint.get("value"), String.join(";", problems));
            }
            check.requiredOneOf(taint.get("effect"), EFFECTS);
            if (!seen.add(taint.get("effect").text() + "/" + taint.get("key").text())) {
                check.add(
                        new dev.meshdojo.simulator.apiserver.FieldError(
                                dev.meshdojo.simulator.apiserver.FieldError.Type.DUPLICATE,
                                taint.path(),
                                InternalForm.of("core.Taint", taint.value()).toString(),
                                "taints must be unique by key and effect pair"));
            }
        }
    }
}
