package dev.meshdojo.simulator.golang;

import java.math.BigDecimal;
import java.util.Locale;

/** Go's {@code fmt} verbs for the few types that messages print. */
public final class GoText {

    /** Powers of ten outside of these bounds are written as such. */
    private static final int LEAST_EXPONENT = -4;

    private static final int EXPONENT_FROM = 6;

    private GoText() {}

    /** {@code %q}. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '"' -> quoted.append("\\\"");
                                case '\\' -> quoted.append("\\\\");
                                case '\n' -> quoted.append("\\n");
                                case '\t' -> quoted.append("\\t");
                                case '\r' -> quoted.append("\\r");
                                case 0x07 -> quoted.append("\\a");
                                case '\b' -> quoted.append("\\b");
                                case '\f' -> quoted.append("\\f");
                                case 0x0b -> quoted.append("\\v");
                                default -> {
                                    if (c < 0x20 || c == 0x7f) {
                                        quoted.append(String.format(Locale.ROOT, "\\x%02x", c));
                                    } else {
                                        quoted.appendCodePoint(c);
                                    }
                                }
                            }
                        });
        return quoted.append('"').toString();
    }

    /** {@code %v} of a float64. */
    public static String number(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= LEAST_EXPONENT && exponent < EXPONENT_FROM) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + String.format(
                        Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
