package dev.meshdojo.gateway.route;

import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent;

/**
 * A share of requests.
 *
 * @param numerator how many
 * @param denominator of how many: 100, 10,000 or 1,000,000
 */
public record Fraction(long numerator, long denominator) {

    /** All requests. */
    public static final Fraction ALL = new Fraction(100, 100);

    /** No request. */
    public static final Fraction NONE = new Fraction(0, 100);

    /** Compiles a percentage. */
    public static Fraction of(FractionalPercent percent) {
        long denominator =
                switch (percent.getDenominator()) {
                    case TEN_THOUSAND -> 10_000;
                    case MILLION -> 1_000_000;
                    case HUNDRED, UNRECOGNIZED -> 100;
                };
        return new Fraction(Integer.toUnsignedLong(percent.getNumerator()), denominator);
    }

    /** Compiles the default value of a runtime percentage; there is no runtime layer to ask. */
    public static Fraction of(RuntimeFractionalPercent percent) {
        return of(percent.getDefaultValue());
    }

    /** Whether a request with this random number belongs to the share. */
    public boolean includes(long random) {
        return Long.remainderUnsigned(random, denominator) < numerator;
    }
}
