package dev.meshdojo.simulator.apiserver.builtin;

import java.math.BigDecimal;

/**
 * A resource quantity that can be counted with and keeps the kind of unit it is written in.
 *
 * @param value the number
 * @param binary whether it is written in units of 1024
 */
public record Amount(BigDecimal value, boolean binary) implements Comparable<Amount> {

    /** Nothing. */
    public static final Amount ZERO = new Amount(BigDecimal.ZERO, false);

    /** One object. */
    public static final Amount ONE = of(1);

    private static final BigDecimal KI = BigDecimal.valueOf(1024);

    /** A quantity; zero when the text is none. */
    public static Amount of(String text) {
        return new Amount(Quantities.value(text), text.endsWith("i"));
    }

    /** Whether a text is a quantity. */
    public static boolean valid(String text) {
        return Quantities.valid(text);
    }

    /** A number of objects. */
    public static Amount of(int number) {
        return new Amount(BigDecimal.valueOf(number), false);
    }

    /** The sum, in this one's kind of unit; in the other's when this is zero. */
    public Amount plus(Amount other) {
        return new Amount(value.add(other.value), isZero() ? other.binary : binary);
    }

    /** The difference, likewise. */
    public Amount minus(Amount other) {
        return new Amount(value.subtract(other.value), isZero() ? other.binary : binary);
    }

    /** The larger one. */
    public Amount max(Amount other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Rounded up to a whole number. */
    public Amount whole() {
        return new Amount(value.setScale(0, java.math.RoundingMode.CEILING), binary);
    }

    /** Whether it is nothing. */
    public boolean isZero() {
        return value.signum() == 0;
    }

    @Override
    public int compareTo(Amount other) {
        return value.compareTo(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Amount amount && value.compareTo(amount.value) == 0;
    }

    @Override
    public int hashCode() {
        return value.stripTrailingZeros().hashCode();
    }

    /** As Kubernetes writes it. */
    @Override
    public String toString() {
        return binary && !isZero()
                ? Quantities.canonical(value.divide(KI).toPlainString() + "Ki")
                : Quantities.canonical(value.toPlainString());
    }
}
