package dev.meshdojo.simulator.node;

import java.math.BigDecimal;
import java.util.Map;

/** Reads Kubernetes quantities for the downward API, and knows what the node has. */
final class Quantities {

    private static final Map<String, BigDecimal> UNITS =
            Map.of(
                    "m", new BigDecimal("0.001"),
                    "k", new BigDecimal(1000),
                    "M", new BigDecimal(1_000_000),
                    "G", new BigDecimal(1_000_000_000),
                    "T", new BigDecimal(1_000_000_000_000L),
                    "Ki", new BigDecimal(1L << 10),
                    "Mi", new BigDecimal(1L << 20),
                    "Gi", new BigDecimal(1L << 30),
                    "Ti", new BigDecimal(1L << 40));

    /** The node's capacity, all of which pods may use. */
    static final Map<String, String> NODE =
            Map.of("cpu", "8", "ephemeral-storage", "100Gi", "memory", "32Gi", "pods", "110");

    private Quantities() {}

    /** What the node has of a resource; {@code 0} when nothing. */
    static String ofNode(String resource) {
        return NODE.getOrDefault(resource, "0");
    }

    /** The number behind a quantity; 0 for an empty text. */
    static BigDecimal value(String quantity) {
        if (quantity.isEmpty()) {
            return BigDecimal.ZERO;
        }
        int end = quantity.length();
        while (end > 0 && !Character.isDigit(quantity.charAt(end - 1))) {
            end--;
        }
        BigDecimal number = new BigDecimal(quantity.substring(0, end));
        return number.multiply(UNITS.getOrDefault(quantity.substring(end), BigDecimal.ONE));
    }
}
