package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.schema.PolicyExpressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code matchConditions} of webhooks and policies. Pure. */
public final class MatchConditions {

    private MatchConditions() {}

    /**
     * What the conditions say.
     *
     * @param matches whether none is false and none failed
     * @param errors why some could not be evaluated, when none is false
     */
    public record Outcome(boolean matches, List<String> errors) {
        public Outcome {
            errors = List.copyOf(errors);
        }

        /** The errors in one text, as Kubernetes joins them. */
        public String error() {
            return errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
        }
    }

    /** Evaluates the conditions; a false one outweighs those that fail. */
    public static Outcome evaluate(JsonNode conditions, Map<String, Object> values) {
        List<String> errors = new ArrayList<>();
        for (JsonNode condition : conditions) {
            String expression = condition.path("expression").asText();
            try {
                if (Boolean.FALSE.equals(PolicyExpressions.evaluate(expression, values))) {
                    return new Outcome(false, List.of());
                }
            } catch (IllegalArgumentException e) {
                errors.add("expression '" + expression + "' resulted in error: " + e.getMessage());
            }
        }
        return new Outcome(errors.isEmpty(), errors);
    }
}
