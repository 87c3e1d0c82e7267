package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** What a pod asks of its node: containers summed, init containers by their maximum. */
public final class PodResources {

    private PodResources() {}

    /** Requests by resource name. */
    public static Map<String, BigDecimal> requests(ObjectNode pod) {
        return total(pod, "requests");
    }

    /** Limits by resource name. */
    public static Map<String, BigDecimal> limits(ObjectNode pod) {
        return total(pod, "limits");
    }

    private static Map<String, BigDecimal> total(ObjectNode pod, String field) {
        Map<String, BigDecimal> sum = new TreeMap<>();
        Map<String, BigDecimal> most = new TreeMap<>();
        for (JsonNode container : Fields.at(pod, "spec", "containers")) {
            add(sum, container, field);
        }
        for (JsonNode container : Fields.at(pod, "spec", "initContainers")) {
            if (Fields.text(container, "restartPolicy").equals("Always")) {
                add(sum, container, field);
            } else {
                Fields.strings(container, "resources", field)
                        .forEach(
                                (name, text) ->
                                        most.merge(name, Quantity.parse(text), BigDecimal::max));
            }
        }
        most.forEach((name, value) -> sum.merge(name, value, BigDecimal::max));
        Fields.strings(pod, "spec", "overhead")
                .forEach((name, text) -> sum.merge(name, Quantity.parse(text), BigDecimal::add));
        return sum;
    }

    private static void add(Map<String, BigDecimal> sum, JsonNode container, String field) {
        Fields.strings(container, "resources", field)
                .forEach((name, text) -> sum.merge(name, Quantity.parse(text), BigDecimal::add));
    }
}
