package dev.meshdojo.simulator.admission.go;

import java.math.BigDecimal;
import java.util.Locale;

/** Go's {@code fmt} verbs for the few types that messages print. */
public final class GoText {

    private static final double EXPONENT_FROM = 1e21;
    private static final double EXPONENT_BELOW = 1e-4;

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
        double size = Math.abs(value);
        if (size != 0 && (size < EXPONENT_BELOW || size >= EXPONENT_FROM)) {
            String text = BigDecimal.valueOf(value).stripTrailingZeros().toString();
            int e = text.indexOf('E');
            if (e < 0) {
                return String.format(Locale.ROOT, "%e", value);
            }
            String digits = text.substring(e + 2);
            return text.substring(0, e)
                    + "e"
                    + text.charAt(e + 1)
                    + (digits.length() < 2 ? "0" : "")
                    + digits;
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
