package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * What a pod asks for in all. Source: {@code k8s.io/component-helpers/resource}. Pure.
 *
 * @param requests by resource
 * @param limits by resource
 */
public record PodTotals(Map<String, Amount> requests, Map<String, Amount> limits) {

    /** Of a pod's containers, sidecars, init containers, own resources and overhead. */
    public static PodTotals of(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        return new PodTotals(total(spec, "requests"), total(spec, "limits"));
    }

    /** Whether the pod has resources of its own, which then need not stand in containers. */
    public static boolean podLevel(JsonNode pod) {
        JsonNode resources = pod.path("spec").path("resources");
        return !resources.path("requests").isEmpty() || !resources.path("limits").isEmpty();
    }

    private static Map<String, Amount> total(JsonNode spec, String kind) {
        Map<String, Amount> total = new TreeMap<>();
        for (JsonNode container : spec.path("containers")) {
            merge(total, list(container, kind), Amount::plus);
        }
        Map<String, Amount> sidecars = new TreeMap<>();
        Map<String, Amount> starting = new TreeMap<>();
        for (JsonNode container : spec.path("initContainers")) {
            Map<String, Amount> own = list(container, kind);
            if (container.path("restartPolicy").asText().equals("Always")) {
                merge(total, own, Amount::plus);
                merge(sidecars, own, Amount::plus);
                merge(starting, sidecars, Amount::max);
            } else {
                merge(own, sidecars, Amount::plus);
                merge(starting, own, Amount::max);
            }
        }
        merge(total, starting, Amount::max);
        list(spec, kind)
                .forEach(
                        (resource, amount) -> {
                            if (shared(resource)) {
                                total.put(resource, amount);
                            }
                        });
        amounts(spec.path("overhead"))
                .forEach(
                        (resource, amount) -> {
                            Amount now = total.getOrDefault(resource, Amount.ZERO);
                            if (kind.equals("requests") || !now.isZero()) {
                                total.put(resource, now.plus(amount));
                            }
                        });
        return total;
    }

    /** Resources that a pod as a whole may name. */
    private static boolean shared(String resource) {
        return resource.equals("cpu")
                || resource.equals("memory")
                || resource.startsWith("hugepages-");
    }

    private static void merge(
            Map<String, Amount> into, Map<String, Amount> from, BinaryOperator<Amount> how) {
        from.forEach((resource, amount) -> into.merge(resource, amount, how));
    }

    /** {@code requests} or {@code limits} of a container. */
    public static Map<String, Amount> list(JsonNode container, String kind) {
        return amounts(container.path("resources").path(kind));
    }

    /** A map of quantities. */
    public static Map<String, Amount> amounts(JsonNode quantities) {
        Map<String, Amount> amounts = new TreeMap<>();
        quantities
                .properties()
                .forEach(
                        entry -> amounts.put(entry.getKey(), Amount.of(entry.getValue().asText())));
        return amounts;
    }
}
