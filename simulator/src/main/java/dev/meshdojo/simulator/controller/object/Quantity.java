package dev.meshdojo.simulator.controller.object;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Kubernetes quantities such as {@code 100m}, {@code 1Gi} and {@code 2}. */
public final class Quantity {

    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
    private static final Map<String, BigDecimal> SUFFIXES =
            Map.ofEntries(
                    Map.entry("n", new BigDecimal("1e-9")),
                    Map.entry("u", new BigDecimal("1e-6")),
                    Map.entry("m", new BigDecimal("1e-3")),
                    Map.entry("k", new BigDecimal("1e3")),
                    Map.entry("M", new BigDecimal("1e6")),
                    Map.entry("G", new BigDecimal("1e9")),
                    Map.entry("T", new BigDecimal("1e12")),
                    Map.entry("P", new BigDecimal("1e15")),
                    Map.entry("E", new BigDecimal("1e18")),
                    Map.entry("Ki", KIBI),
                    Map.entry("Mi", KIBI.pow(2)),
                    Map.entry("Gi", KIBI.pow(3)),
                    Map.entry("Ti", KIBI.pow(4)),
                    Map.entry("Pi", KIBI.pow(5)),
                    Map.entry("Ei", KIBI.pow(6)));

    private Quantity() {}

    /** The number; 0 for text that is no quantity. */
    public static BigDecimal parse(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        try {
            BigDecimal factor = SUFFIXES.get(text.substring(end));
            return factor == null
                    ? new BigDecimal(text)
                    : new BigDecimal(text.substring(0, end)).multiply(factor);
        } catch (NumberFormatException e) {
            return BigDecimal.ZERO;
        }
    }

    /** A CPU-like number in canonical form: whole, or in thousandths. */
    public static String decimal(BigDecimal value) {
        if (value.stripTrailingZeros().scale() <= 0) {
            return value.setScale(0, RoundingMode.UNNECESSARY).toString();
        }
        return value.multiply(BigDecimal.valueOf(1000)).setScale(0, RoundingMode.UP) + "m";
    }

    /** A memory-like number in canonical form: the largest binary suffix that leaves it whole. */
    public static String binary(BigDecimal value) {
        BigDecimal whole = value.setScale(0, RoundingMode.UP);
        String[] suffixes = {"Ei", "Pi", "Ti", "Gi", "Mi", "Ki"};
        for (String suffix : suffixes) {
            BigDecimal factor = SUFFIXES.getOrDefault(suffix, BigDecimal.ONE);
            if (whole.signum() > 0 && whole.remainder(factor).signum() == 0) {
                return whole.divide(factor, RoundingMode.UNNECESSARY).toPlainString() + suffix;
            }
        }
        return whole.toPlainString();
    }
}
