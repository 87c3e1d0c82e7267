package dev.meshdojo.simulator.pilot.model;

import java.util.Map;

/** Kubernetes label selectors. */
public final class LabelSelectors {

    private LabelSelectors() {}

    /** Whether labels satisfy {@code matchLabels} and {@code matchExpressions}. */
    public static boolean matches(JsonView selector, Map<String, String> labels) {
        if (!labels.entrySet().containsAll(selector.textMap("matchLabels").entrySet())) {
            return false;
        }
        for (JsonView expression : selector.list("matchExpressions")) {
            String value = labels.get(expression.text("key"));
            boolean holds =
                    switch (expression.text("operator")) {
                        case "In" -> value != null && expression.texts("values").contains(value);
                        case "NotIn" ->
                                value == null || !expression.texts("values").contains(value);
                        case "Exists" -> value != null;
                        case "DoesNotExist" -> value == null;
                        default -> false;
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
