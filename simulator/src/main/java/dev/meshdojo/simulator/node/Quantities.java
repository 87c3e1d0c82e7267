package dev.meshdojo.simulator.node;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Reads Kubernetes quantities for the downward API. */
final class Quantities {

    private static final Map<String, BigDecimal> UNITS =
            Map.of(
                    "m", new BigDecimal("0.001"),
                    "k", new BigDecimal(1000),
                    "M", new BigDecimal(1_000_000),
                    "G", new BigDecimal(1_000_000_000),
                    "Ki", new BigDecimal(1 << 10),
                    "Mi", new BigDecimal(1 << 20),
                    "Gi", new BigDecimal(1 << 30));

    private Quantities() {}

    /** Cores, rounded up; the node's two when nothing is set. */
    static String wholeCores(String quantity) {
        return quantity.isEmpty()
                ? "2"
                : value(quantity).setScale(0, RoundingMode.CEILING).toString();
    }

    /** Bytes; 0 when nothing is set. */
    static String bytes(String quantity) {
        return quantity.isEmpty()
                ? "0"
                : value(quantity).setScale(0, RoundingMode.CEILING).toString();
    }

    private static BigDecimal value(String quantity) {
        int end = quantity.length();
        while (end > 0 && !Character.isDigit(quantity.charAt(end - 1))) {
            end--;
        }
        BigDecimal number = new BigDecimal(quantity.substring(0, end));
        return number.multiply(UNITS.getOrDefault(quantity.substring(end), BigDecimal.ONE));
    }
}
