package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.authorization.PolicyAuthorizer;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates one policy on one request with one set of parameters. Confined to the request's thread.
 */
final class PolicyEvaluation {

    private final JsonNode policy;
    private final Map<String, Object> values;
    private final PolicyVariables expressions;
    private final List<Finding> findings = new ArrayList<>();

    private PolicyEvaluation(JsonNode policy, Map<String, Object> values) {
        this.policy = policy;
        this.values = values;
        this.expressions = new PolicyVariables(values, policy.path("variables"));
    }

    /**
     * What a policy has against a request.
     *
     * @param message what a person reads
     * @param reason Kubernetes' machine-readable reason
     * @param always whether it denies whatever the binding says, as audit annotations that fail do
     */
    record Finding(String message, String reason, boolean always) {}

    /**
     * What the policy has against the request, in its own order; empty when it agrees or does not
     * apply.
     *
     * @param policy its {@code spec}
     * @param values what expressions see
     */
    static List<Finding> evaluate(JsonNode policy, Map<String, Object> values) {
        return new PolicyEvaluation(policy, values).run();
    }

    /**
     * What the expressions of a policy see.
     *
     * @param namespace of the object, or null
     * @param parameters may be null
     */
    static Map<String, Object> values(
            VersionedRequest versioned,
            @Nullable JsonNode namespace,
            @Nullable ObjectNode parameters,
            PolicyAuthorizer authorizer) {
        AdmissionRequest request = versioned.request();
        Map<String, Object> values = new HashMap<>(versioned.values());
        boolean itself = request.type().groupResource().equals("namespaces");
        values.put("namespaceObject", VersionedRequest.value(itself ? null : namespace));
        values.put("params", VersionedRequest.value(parameters));
        values.putAll(PolicyExpressions.authorizer(authorizer, VersionedRequest.question(request)));
        return values;
    }

    private List<Finding> run() {
        MatchConditions.Outcome conditions =
                MatchConditions.evaluate(policy.path("matchConditions"), values);
        if (!conditions.errors().isEmpty()) {
            failed(conditions.error(), false);
            return findings;
        }
        if (!conditions.matches()) {
            return findings;
        }
        policy.path("validations").forEach(this::validate);
        policy.path("auditAnnotations").forEach(this::annotate);
        return findings;
    }

    private void validate(JsonNode validation) {
        String expression = validation.path("expression").asText();
        try {
            if (!Boolean.TRUE.equals(expressions.evaluate(expression))) {
                findings.add(
                        new Finding(
                                message(validation, expression.strip()),
                                validation.path("reason").asText("Invalid"),
                                false));
            }
        } catch (IllegalArgumentException e) {
            failed(error(expression, e), false);
        }
    }

    private void annotate(JsonNode annotation) {
        String expression = annotation.path("valueExpression").asText();
        try {
            expressions.evaluate(expression);
        } catch (IllegalArgumentException e) {
            failed(error(expression, e), true);
        }
    }

    private static String error(String expression, IllegalArgumentException e) {
        return "expression '" + expression + "' resulted in error: " + e.getMessage();
    }

    private void failed(String message, boolean always) {
        if (!policy.path("failurePolicy").asText().equals("Ignore")) {
            findings.add(new Finding(message, "Invalid", always));
        }
    }

    private String message(JsonNode validation, String expression) {
        String computed = validation.path("messageExpression").asText();
        if (!computed.isEmpty()) {
            try {
                if (expressions.evaluate(computed) instanceof String text
                        && !text.isBlank()
                        && text.strip().indexOf('\n') < 0) {
                    return text.strip();
                }
            } catch (IllegalArgumentException e) {
                return fixed(validation, expression);
            }
        }
        return fixed(validation, expression);
    }

    private static String fixed(JsonNode validation, String expression) {
        String message = validation.path("message").asText().strip();
        return message.isEmpty() ? "failed expression: " + expression : message;
    }
}
