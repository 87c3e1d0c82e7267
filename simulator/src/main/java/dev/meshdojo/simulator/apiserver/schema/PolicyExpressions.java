package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CEL of admission policies, with the same functions as the rules of schemas. Thread-safe. */
public final class PolicyExpressions {

    /** What an expression has to give. */
    public enum Result {
        TRUTH,
        TEXT,
        ANY
    }

    private PolicyExpressions() {}

    /** Why an expression cannot be used, as the API server words it, or null. */
    public static @Nullable String problem(String expression, Result result) {
        return CelPrograms.policyProblem(expression, result);
    }

    /**
     * The variables {@code authorizer} and {@code authorizer.requestResource}.
     *
     * @param request what the request wants, without its verb
     */
    public static Map<String, Object> authorizer(
            CelAuthorizer authorizer, CelAuthorizer.Question request) {
        return Map.of(
                "authorizer",
                new CelAccess(authorizer, CelAuthorizer.Question.NONE),
                "authorizer.requestResource",
                new CelAccess(authorizer, request));
    }

    /** JSON as expressions see it; names stay as they are. */
    public static Object value(JsonNode node) {
        return CelValues.of(node, null);
    }

    /**
     * The value of an expression.
     *
     * @param variables by name: {@code object}, {@code oldObject}, {@code request}, {@code params},
     *     {@code namespaceObject}, {@code variables}
     * @throws IllegalArgumentException when it does not compile or fails; the message says why
     */
    public static Object evaluate(String expression, Map<String, Object> variables) {
        try {
            return CelPrograms.policy(expression).eval(variables);
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException(CelValidation.reason(e), e);
        }
    }
}
