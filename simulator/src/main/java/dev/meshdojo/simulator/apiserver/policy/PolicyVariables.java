package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expressions of one policy on one request. Its variables are given values when an expression names
 * them, and only once. Confined to the request's thread.
 */
final class PolicyVariables {

    private static final Pattern USE =
            Pattern.compile("\\bvariables\\s*\\.\\s*([_a-zA-Z][_a-zA-Z0-9]*)");

    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Object> variables = new HashMap<>();
    private final Map<String, String> open = new TreeMap<>();
    private final Map<String, String> failed = new TreeMap<>();

    /**
     * @param values what expressions see besides variables
     * @param definitions the policy's {@code variables}
     */
    PolicyVariables(Map<String, Object> values, JsonNode definitions) {
        this.values.putAll(values);
        this.values.put("variables", variables);
        definitions.forEach(
                variable ->
                        open.put(
                                variable.path("name").asText(),
                                variable.path("expression").asText()));
    }

    /**
     * The value of an expression.
     *
     * @throws IllegalArgumentException when it fails; the message says why, without the expression
     */
    Object evaluate(String expression) {
        Matcher use = USE.matcher(expression);
        while (use.find()) {
            resolve(use.group(1));
        }
        try {
            return PolicyExpressions.evaluate(expression, values);
        } catch (IllegalArgumentException e) {
            for (Map.Entry<String, String> failure : failed.entrySet()) {
                if (String.valueOf(e.getMessage()).equals("no such key: " + failure.getKey())) {
                    throw new IllegalArgumentException(
                            "composited variable \""
                                    + failure.getKey()
                                    + "\" fails to evaluate: "
                                    + failure.getValue(),
                            e);
                }
            }
            throw e;
        }
    }

    private void resolve(String name) {
        String expression = open.remove(name);
        if (expression != null) {
            try {
                variables.put(name, evaluate(expression));
            } catch (IllegalArgumentException e) {
                failed.put(name, String.valueOf(e.getMessage()));
            }
        }
    }
}
