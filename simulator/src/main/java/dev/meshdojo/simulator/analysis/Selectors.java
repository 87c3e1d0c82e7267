package dev.meshdojo.simulator.analysis;

import dev.meshdojo.simulator.admission.Spec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Label selectors, as Kubernetes matches and prints them. Pure. */
public final class Selectors {

    private Selectors() {}

    /** Whether labels have all that a selector asks for; an empty selector fits all. */
    public static boolean matches(Map<String, String> selector, Map<String, String> labels) {
        return selector.entrySet().stream()
                .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())));
    }

    /** {@code key=value} joined by commas, sorted by key; empty for an empty selector. */
    public static String print(Map<String, String> selector) {
        return new TreeMap<>(selector)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    /**
     * Whether labels fit a {@code LabelSelector} with {@code matchLabels} and {@code
     * matchExpressions}; an absent one fits all, one that cannot be understood none.
     */
    public static boolean matches(Spec selector, Map<String, String> labels) {
        return matches(selector.textMap("matchLabels"), labels)
                && selector.list("matchExpressions").stream()
                        .allMatch(expression -> holds(expression, labels));
    }

    private static boolean holds(Spec expression, Map<String, String> labels) {
        String value = labels.get(expression.text("key"));
        List<String> values = expression.texts("values");
        return switch (expression.text("operator")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
