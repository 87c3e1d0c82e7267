package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.policy.PolicyAdmission.Finding;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates one policy on one request. Confined to the request's thread. */
final class PolicyEvaluation {

    private final JsonNode policy;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Object> variables = new HashMap<>();

    private PolicyEvaluation(
            JsonNode policy, VersionedRequest request, @Nullable JsonNode namespace) {
        this.policy = policy;
        values.putAll(request.values());
        values.put("namespaceObject", VersionedRequest.value(namespace));
        values.put("params", VersionedRequest.value(null));
        values.put("variables", variables);
    }

    /**
     * What the policy has against the request, in its own order; empty when it agrees or does not
     * apply.
     *
     * @param policy its {@code spec}
     * @param namespace the namespace of the object, or null
     */
    static List<Finding> evaluate(
            JsonNode policy, VersionedRequest request, @Nullable JsonNode namespace) {
        return new PolicyEvaluation(policy, request, namespace).run();
    }

    private List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode condition : policy.path("matchConditions")) {
            String expression = condition.path("expression").asText();
            try {
                if (!Boolean.TRUE.equals(PolicyExpressions.evaluate(expression, values))) {
                    return List.of();
                }
            } catch (IllegalArgumentException e) {
                failed(expression, e, findings);
                return findings;
            }
        }
        for (JsonNode variable : policy.path("variables")) {
            try {
                variables.put(
                        variable.path("name").asText(),
                        PolicyExpressions.evaluate(variable.path("expression").asText(), values));
            } catch (IllegalArgumentException e) {
                failed(variable.path("expression").asText(), e, findings);
                return findings;
            }
        }
        for (JsonNode validation : policy.path("validations")) {
            String expression = validation.path("expression").asText().strip();
            try {
                if (!Boolean.TRUE.equals(PolicyExpressions.evaluate(expression, values))) {
                    findings.add(
                            new Finding(
                                    message(validation, expression),
                                    validation.path("reason").asText("Invalid")));
                }
            } catch (IllegalArgumentException e) {
                failed(expression, e, findings);
            }
        }
        return findings;
    }

    private void failed(String expression, IllegalArgumentException e, List<Finding> findings) {
        if (!policy.path("failurePolicy").asText().equals("Ignore")) {
            findings.add(
                    new Finding(
                            "expression '" + expression + "' resulted in error: " + e.getMessage(),
                            "Invalid"));
        }
    }

    private String message(JsonNode validation, String expression) {
        String computed = validation.path("messageExpression").asText();
        if (!computed.isEmpty()) {
            try {
                if (PolicyExpressions.evaluate(computed, values) instanceof String text
                        && !text.isBlank()) {
                    return text;
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
