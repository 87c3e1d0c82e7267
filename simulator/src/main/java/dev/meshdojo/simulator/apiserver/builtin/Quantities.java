package dev.meshdojo.simulator.apiserver.builtin;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Resource quantities such as {@code 500m}, {@code 1Gi}, {@code 1e3}. */
public final class Quantities {

    private static final Pattern FORM =
            Pattern.compile(
                    "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\\d+)?");
    private static final List<String> DECIMAL =
            List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final Map<String, Integer> POWERS =
            Map.of(
                    "n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E",
                    18);
    private static final int SHORT = 15;
    private static final BigDecimal KI = BigDecimal.valueOf(1024);
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    /** What Kubernetes says of a text that does not look like a quantity. */
    static final String FORMAT =
            "quantities must match the regular expression"
                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final Pattern SHAPE =
            Pattern.compile("[+-]?([0-9]*)\\.?([0-9]*)([eEinumkKMGTP]*[-+]?[0-9]*)");

    private Quantities() {}

    /** Why a text is no quantity, in Kubernetes' words, or null when it is one. */
    static @Nullable String complaint(String text) {
        if (valid(text)) {
            return null;
        }
        Matcher shape = SHAPE.matcher(text);
        if (text.isEmpty() || !shape.matches()) {
            return FORMAT;
        }
        boolean digits = !shape.group(1).isEmpty() || !shape.group(2).isEmpty();
        return digits ? "unable to parse quantity's suffix" : FORMAT;
    }

    /**
     * The form in which a quantity is stored: as it was written when that is as good as its
     * canonical form, so {@code 01} and {@code 1.500} stay.
     */
    static String kept(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches() || !valid(text) || text.length() > SHORT) {
            return canonical(text);
        }
        String whole = shape.group(1).replaceFirst("^0+", "");
        String fraction = shape.group(2);
        String suffix = shape.group(3);
        String digits = whole + fraction;
        if (digits.isEmpty()) {
            return canonical(text);
        }
        if (suffix.endsWith("i")) {
            boolean odd = (Long.parseLong(digits) & 7) != 0;
            return fraction.isEmpty() && odd ? text : canonical(text);
        }
        int scale = power(suffix) - fraction.length();
        boolean plain = scale % 3 == 0 && !digits.endsWith("000") && digits.charAt(0) != '0';
        return plain ? text : canonical(text);
    }

    private static int power(String suffix) {
        Integer power = POWERS.get(suffix);
        return power == null ? Integer.parseInt(suffix.substring(1)) : power;
    }

    static boolean valid(String text) {
        return FORM.matcher(text).matches();
    }

    /** The number a quantity stands for; zero when it is none. */
    public static BigDecimal value(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return BigDecimal.ZERO;
        }
        BigDecimal number = new BigDecimal(form.group(1));
        String suffix = form.group(2) == null ? "" : form.group(2);
        if (suffix.length() == 2 && suffix.endsWith("i")) {
            return number.multiply(KI.pow(BINARY.indexOf(suffix)));
        }
        return number.scaleByPowerOfTen(power(suffix));
    }

    /** The form in which Kubernetes writes a quantity: the largest unit without a fraction. */
    public static String canonical(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return text;
        }
        BigDecimal value = value(text).setScale(9, RoundingMode.UP).stripTrailingZeros();
        if (value.signum() == 0) {
            return "0";
        }
        String suffix = form.group(2) == null ? "" : form.group(2);
        if (suffix.length() == 2 && suffix.endsWith("i") && value.abs().compareTo(KI) >= 0) {
            return binary(value);
        }
        if (suffix.startsWith("e") || (suffix.startsWith("E") && suffix.length() > 1)) {
            return exponent(value);
        }
        return decimal(value);
    }

    private static String binary(BigDecimal value) {
        int unit = 0;
        BigDecimal number = value;
        while (unit < BINARY.size() - 1 && isWhole(number) && divides(number, KI)) {
            number = number.divide(KI);
            unit++;
        }
        return isWhole(number) ? number.toBigInteger() + BINARY.get(unit) : decimal(value);
    }

    private static String decimal(BigDecimal value) {
        int unit = DECIMAL.indexOf("");
        BigDecimal number = value;
        while (unit > 0 && !isWhole(number)) {
            number = number.multiply(THOUSAND);
            unit--;
        }
        while (unit < DECIMAL.size() - 1 && divides(number, THOUSAND)) {
            number = number.divide(THOUSAND);
            unit++;
        }
        return number.toBigInteger() + DECIMAL.get(unit);
    }

    private static String exponent(BigDecimal value) {
        int power = 0;
        BigDecimal number = value;
        while (!isWhole(number)) {
            number = number.multiply(THOUSAND);
            power -= 3;
        }
        while (divides(number, THOUSAND)) {
            number = number.divide(THOUSAND);
            power += 3;
        }
        return number.toBigInteger() + (power == 0 ? "" : "e" + power);
    }

    private static boolean isWhole(BigDecimal value) {
        return value.stripTrailingZeros().scale() <= 0;
    }

    private static boolean divides(BigDecimal value, BigDecimal by) {
        return isWhole(value)
                && value.toBigInteger().remainder(by.toBigInteger()).equals(BigInteger.ZERO);
    }
}
