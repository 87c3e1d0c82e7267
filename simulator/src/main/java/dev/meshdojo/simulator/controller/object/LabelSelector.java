package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A compiled label selector of the {@code matchLabels}/{@code matchExpressions} form, also used for
 * node selector terms. Absent selects nothing, empty selects everything.
 */
public final class LabelSelector {

    private static final LabelSelector NOTHING = new LabelSelector(List.of(), false);

    private final List<Requirement> requirements;
    private final boolean possible;

    private LabelSelector(List<Requirement> requirements, boolean possible) {
        this.requirements = requirements;
        this.possible = possible;
    }

    /** Compiles a {@code LabelSelector} object. */
    public static LabelSelector of(JsonNode selector) {
        if (!selector.isObject()) {
            return NOTHING;
        }
        List<Requirement> all = new ArrayList<>();
        Fields.strings(selector, "matchLabels")
                .forEach((key, value) -> all.add(new Requirement(key, "In", List.of(value))));
        addExpressions(all, Fields.at(selector, "matchExpressions"));
        return new LabelSelector(List.copyOf(all), true);
    }

    /** Compiles a plain label map, such as a Service's selector; absent selects nothing. */
    public static LabelSelector ofMap(JsonNode map) {
        if (!map.isObject()) {
            return NOTHING;
        }
        List<Requirement> all = new ArrayList<>();
        Fields.strings(map)
                .forEach((key, value) -> all.add(new Requirement(key, "In", List.of(value))));
        return new LabelSelector(List.copyOf(all), true);
    }

    /** Compiles a list of expressions. */
    public static LabelSelector ofExpressions(JsonNode expressions) {
        List<Requirement> all = new ArrayList<>();
        addExpressions(all, expressions);
        return new LabelSelector(List.copyOf(all), true);
    }

    private static void addExpressions(List<Requirement> all, JsonNode expressions) {
        for (JsonNode expression : expressions) {
            all.add(
                    new Requirement(
                            Fields.text(expression, "key"),
                            Fields.text(expression, "operator"),
                            Fields.texts(expression, "values")));
        }
    }

    /** Whether it selects every object. */
    public boolean everything() {
        return possible && requirements.isEmpty();
    }

    /** Whether an object with these labels is selected. */
    public boolean matches(Map<String, String> labels) {
        if (!possible) {
            return false;
        }
        for (Requirement requirement : requirements) {
            if (!requirement.holds(labels)) {
                return false;
            }
        }
        return true;
    }

    private record Requirement(String key, String operator, List<String> values) {

        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                case "Gt" -> value != null && compare(value) > 0;
                case "Lt" -> value != null && compare(value) < 0;
                default -> false;
            };
        }

        private int compare(String value) {
            try {
                return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
    }
}
