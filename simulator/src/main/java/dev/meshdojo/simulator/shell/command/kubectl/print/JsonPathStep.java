package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a JSONPath expression. */
sealed interface JsonPathStep {

    /** {@code $}. */
    record Root() implements JsonPathStep {}

    /** A text, number or boolean. */
    record Literal(JsonNode value) implements JsonPathStep {}

    /** {@code .name}. */
    record Field(String name) implements JsonPathStep {}

    /** {@code .*} and {@code [*]}. */
    record Every() implements JsonPathStep {}

    /** {@code ..}. */
    record Recursive() implements JsonPathStep {}

    /** {@code [n]} and {@code [from:to:step]}. */
    record Slice(int from, @Nullable Integer to, int step, boolean single)
            implements JsonPathStep {}

    /** {@code [a,b]}. */
    record Union(List<List<JsonPathStep>> parts) implements JsonPathStep {}

    /** {@code [?(left operator right)]}; the operator {@code exists} has no right side. */
    record Filter(List<JsonPathStep> left, String operator, List<JsonPathStep> right)
            implements JsonPathStep {

        boolean holds(JsonNode item, JsonNode root) {
            List<JsonNode> a = JsonPath.evaluate(left, List.of(item), root);
            if (operator.equals("exists")) {
                return !a.isEmpty();
            }
            List<JsonNode> b = JsonPath.evaluate(right, List.of(item), root);
            if (a.isEmpty() || b.isEmpty()) {
                return false;
            }
            if (a.size() > 1 || b.size() > 1) {
                throw new JsonPathException("can only compare one element at a time");
            }
            return compare(a.getFirst(), b.getFirst());
        }

        private boolean compare(JsonNode a, JsonNode b) {
            if (operator.equals("==") || operator.equals("!=")) {
                boolean same = (a.isNumber() && b.isNumber()) ? order(a, b) == 0 : a.equals(b);
                return same == operator.equals("==");
            }
            int order = order(a, b);
            return switch (operator) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }

        private static int order(JsonNode a, JsonNode b) {
            if (a.isNumber() && b.isNumber()) {
                return new BigDecimal(a.asText()).compareTo(new BigDecimal(b.asText()));
            }
            if (a.isTextual() && b.isTextual()) {
                return a.asText().compareTo(b.asText());
            }
            throw new JsonPathException("incompatible types for comparison");
        }
    }
}
