package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a pod asks for in all: the sum of its containers' requests and limits. */
final class PodUsage {

    private PodUsage() {}

    /** {@code requests} and {@code limits} as in a container. */
    static ObjectNode sum(JsonNode pod) {
        ObjectNode sum = JsonNodeFactory.instance.objectNode();
        for (String kind : List.of("requests", "limits")) {
            Map<String, BigDecimal> totals = new TreeMap<>();
            for (JsonNode container : pod.path("spec").path("containers")) {
                container
                        .path("resources")
                        .path(kind)
                        .properties()
                        .forEach(
                                entry ->
                                        totals.merge(
                                                entry.getKey(),
                                                Quantities.value(entry.getValue().asText()),
                                                BigDecimal::add));
            }
            if (!totals.isEmpty()) {
                ObjectNode values = sum.putObject(kind);
                totals.forEach((name, total) -> values.put(name, print(name, total)));
            }
        }
        return sum;
    }

    /** A total as Kubernetes prints it: memory in binary units. */
    static String print(String resource, BigDecimal total) {
        boolean binary = resource.endsWith("memory") || resource.endsWith("storage");
        BigDecimal mebi = BigDecimal.valueOf(1024);
        return binary && total.remainder(mebi).signum() == 0 && total.signum() != 0
                ? Quantities.canonical(
                        total.divide(mebi).stripTrailingZeros().toPlainString() + "Ki")
                : Quantities.canonical(total.toPlainString());
    }
}
