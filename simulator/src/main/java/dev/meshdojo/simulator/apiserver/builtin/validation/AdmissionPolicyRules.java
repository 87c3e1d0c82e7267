package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions.Result;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of validating admission policies and their bindings. */
final class AdmissionPolicyRules {

    private static final String EXCLUSIVE = "name and selector are mutually exclusive";

    private AdmissionPolicyRules() {}

    static void policy(Check check, At object) {
        At spec = object.get("spec");
        check.requiredOneOf(spec.get("failurePolicy"), List.of("Fail", "Ignore"));
        if (spec.get("paramKind").set()) {
            paramKind(check, spec.get("paramKind"));
        }
        At match = spec.get("matchConstraints");
        if (!match.set()) {
            check.required(match, "");
        } else {
            matchResources(check, match);
            if (match.get("resourceRules").empty()) {
                check.required(match.get("resourceRules"), "");
            }
        }
        matchConditions(check, spec.get("matchConditions"));
        for (At variable : spec.get("variables").items()) {
            variable(check, variable);
        }
        At validations = spec.get("validations");
        At audits = spec.get("auditAnnotations");
        if (validations.empty() && audits.empty()) {
            String neither = "validations or auditAnnotations must contain at least one item";
            check.required(validations, neither);
            check.required(audits, neither);
            return;
        }
        validations.items().forEach(validation -> validation(check, validation));
        Set<String> keys = new HashSet<>();
        for (At audit : audits.items()) {
            At key = audit.get("key");
            check.labelName(key.path(), object.get("metadata", "name").text() + "/" + key.text());
            expression(
                    check,
                    audit.get("valueExpression"),
                    "valueExpression is not specified",
                    Result.TEXT);
            if (!keys.add(key.text())) {
                check.duplicateText(key);
            }
        }
    }

    private static void paramKind(Check check, At kind) {
        At version = kind.get("apiVersion");
        if (check.requiredText(version, "")) {
            String[] parts = version.text().split("/", -1);
            if (parts.length > 2) {
                check.invalidText(version, "unexpected GroupVersion string: " + version.text());
            } else {
                String last = parts[parts.length - 1];
                List<String> problems = Names.label1035(last, false);
                if (last.isEmpty()) {
                    check.invalidText(version, "version must be specified");
                } else if (!problems.isEmpty()) {
                    check.invalidText(version.path(), last, String.join(",", problems));
                }
            }
        }
        At name = kind.get("kind");
        if (check.requiredText(name, "")) {
            List<String> problems = Names.label1035(Check.lower(name.text()), false);
            if (!problems.isEmpty()) {
                check.invalidText(
                        name,
                        "may have mixed case, but should otherwise match: "
                                + String.join(",", problems));
            }
        }
    }

    private static void matchResources(Check check, At match) {
        check.requiredOneOf(match.get("matchPolicy"), List.of("Equivalent", "Exact"));
        check.selector(match.get("namespaceSelector"));
        check.selector(match.get("objectSelector"));
        for (String list : List.of("resourceRules", "excludeResourceRules")) {
            for (At rule : match.get(list).items()) {
                Set<String> names = new HashSet<>();
                for (At name : rule.get("resourceNames").items()) {
                    check.names(name, Names.pathSegment(name.text(), false));
                    if (!names.add(name.text())) {
                        check.duplicateText(name);
                    }
                }
                WebhookRules.rule(check, rule);
            }
        }
    }

    static void matchConditions(Check check, At conditions) {
        Set<String> names = new HashSet<>();
        if (conditions.value().size() > 64) {
            check.tooMany(conditions, 64);
        }
        for (At condition : conditions.items()) {
            expression(check, condition.get("expression"), "", Result.TRUTH);
            At name = condition.get("name");
            if (check.requiredText(name, "")) {
                check.qualified(name);
                if (!names.add(name.text())) {
                    check.duplicateText(name);
                }
            }
        }
    }

    private static void variable(Check check, At variable) {
        At name = variable.get("name");
        if (name.text().isBlank()) {
            check.required(name, "name is not specified");
        } else if (!name.text().matches("[_a-zA-Z][_a-zA-Z0-9]*")) {
            check.invalidText(name, "must be a valid CEL identifier");
        }
        expression(check, variable.get("expression"), "expression is not specified", Result.ANY);
    }

    private static void validation(Check check, At validation) {
        expression(
                check, validation.get("expression"), "expression is not specified", Result.TRUTH);
        At computed = validation.get("messageExpression");
        if (!computed.blank()) {
            if (computed.text().isBlank()) {
                check.invalidText(computed, "must be non-empty if specified");
            } else {
                expression(check, computed, "", Result.TEXT);
            }
        }
        At message = validation.get("message");
        if (!message.blank() && message.text().isBlank()) {
            check.invalidText(message, "must be non-empty if specified");
        } else if (message.text().strip().indexOf('\n') >= 0) {
            check.invalidText(message, "must not contain line breaks");
        }
        check.oneOf(
                validation.get("reason"), List.of("Forbidden", "Invalid", "RequestEntityTooLarge"));
    }

    private static void expression(Check check, At expression, String missing, Result result) {
        if (expression.text().isBlank()) {
            check.required(expression, missing);
            return;
        }
        String problem = PolicyExpressions.problem(expression.text(), result);
        if (problem != null) {
            check.invalidText(expression, problem);
        }
    }

    static void binding(Check check, At spec) {
        At name = spec.get("policyName");
        if (check.requiredText(name, "")) {
            check.subdomain(name);
        }
        At params = spec.get("paramRef");
        if (params.set()) {
            paramRef(check, params);
        }
        if (spec.get("matchResources").set()) {
            matchResources(check, spec.get("matchResources"));
        }
        At actions = spec.get("validationActions");
        Set<String> seen = new HashSet<>();
        for (At action : actions.items()) {
            check.oneOf(action, List.of("Audit", "Deny", "Warn"));
            if (!seen.add(action.text())) {
                check.duplicateText(action);
            }
        }
        if (seen.contains("Deny") && seen.contains("Warn")) {
            check.invalid(
                    actions,
                    "must not contain both Deny and Warn (repeating the same validation failure"
                            + " information in the API response and headers serves no purpose)");
        }
        if (seen.isEmpty()) {
            check.required(actions, "at least one validation action is required");
        }
    }

    private static void paramRef(Check check, At params) {
        At name = params.get("name");
        At selector = params.get("selector");
        if (!name.blank()) {
            check.names(name, Names.pathSegment(name.text(), false));
            if (selector.set()) {
                check.forbidden(name, EXCLUSIVE);
            }
        }
        if (selector.set()) {
            check.selector(selector);
            if (!name.blank()) {
                check.forbidden(selector, EXCLUSIVE);
            }
        } else if (name.blank()) {
            check.required(params, "one of name or selector must be specified");
        }
        check.requiredOneOf(params.get("parameterNotFoundAction"), List.of("Deny", "Allow"));
    }
}
