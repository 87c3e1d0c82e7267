package dev.meshdojo.simulator.golang;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/**
 * Go's {@code time.ParseDuration}: {@code 1h30m}, {@code 1.5s}, {@code -2ms}; and its error texts.
 */
public final class GoDuration {

    private static final Map<String, Long> UNITS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "µs", 1_000L,
                    "μs", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /**
     * The outcome of parsing.
     *
     * @param nanos the duration, 0 after an error
     * @param error Go's text, empty when it parsed
     */
    public record Parsed(long nanos, String error) {
        /** Whether the text is a duration. */
        public boolean ok() {
            return error.isEmpty();
        }
    }

    /** Parses a text. */
    public static Parsed parse(String text) {
        String rest = text;
        boolean negative = false;
        if (rest.startsWith("-") || rest.startsWith("+")) {
            negative = rest.startsWith("-");
            rest = rest.substring(1);
        }
        if (rest.equals("0")) {
            return new Parsed(0, "");
        }
        if (rest.isEmpty()) {
            return invalid(text);
        }
        BigInteger total = BigInteger.ZERO;
        while (!rest.isEmpty()) {
            int number = 0;
            while (number < rest.length() && isNumber(rest.charAt(number))) {
                number++;
            }
            String digits = rest.substring(0, number);
            if (digits.isEmpty()
                    || digits.equals(".")
                    || digits.chars().filter(c -> c == '.').count() > 1) {
                return invalid(text);
            }
            rest = rest.substring(number);
            int unitEnd = 0;
            while (unitEnd < rest.length() && !isNumber(rest.charAt(unitEnd))) {
                unitEnd++;
            }
            String unit = rest.substring(0, unitEnd);
            if (unit.isEmpty()) {
                return new Parsed(0, "time: missing unit in duration " + GoText.quote(text));
            }
            Long size = UNITS.get(unit);
            if (size == null) {
                return new Parsed(
                        0,
                        "time: unknown unit "
                                + GoText.quote(unit)
                                + " in duration "
                                + GoText.quote(text));
            }
            String complete = (digits.startsWith(".") ? "0" : "") + digits;
            if (complete.endsWith(".")) {
                complete += "0";
            }
            total =
                    total.add(
                            new BigDecimal(complete)
                                    .multiply(BigDecimal.valueOf(size))
                                    .toBigInteger());
            if (total.compareTo(MAX) > 0) {
                return invalid(text);
            }
            rest = rest.substring(unitEnd);
        }
        return new Parsed(negative ? -total.longValueExact() : total.longValueExact(), "");
    }

    private static boolean isNumber(char c) {
        return c == '.' || (c >= '0' && c <= '9');
    }

    private static Parsed invalid(String text) {
        return new Parsed(0, "time: invalid duration " + GoText.quote(text));
    }
}
