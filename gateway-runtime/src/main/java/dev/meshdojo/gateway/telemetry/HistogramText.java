package dev.meshdojo.gateway.telemetry;

import java.util.Locale;

/** Prints a histogram's quantiles as {@code /stats} does, read off the buckets. */
final class HistogramText {

    private static final double[] QUANTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};

    private HistogramText() {}

    static String of(StatsSnapshot.Distribution value) {
        if (value.total() == 0) {
            return "No recorded values";
        }
        StringBuilder text = new StringBuilder();
        for (double quantile : QUANTILES) {
            text.append(text.isEmpty() ? "" : " ")
                    .append('P')
                    .append(StatsSnapshot.number(quantile))
                    .append("(nan,")
                    .append(StatsSnapshot.number(at(value, quantile)))
                    .append(')');
        }
        return text.toString();
    }

    private static double at(StatsSnapshot.Distribution value, double quantile) {
        double wanted = value.total() * quantile / 100;
        double seen = 0;
        double lower = 0;
        for (int i = 0; i < value.counts().length; i++) {
            double upper = i < StatsSnapshot.BUCKETS.length ? StatsSnapshot.BUCKETS[i] : lower;
            long count = value.counts()[i];
            if (count > 0 && seen + count >= wanted) {
                double share = Math.max(0, wanted - seen) / count;
                double point = lower + (upper - lower) * share;
                return Double.parseDouble(String.format(Locale.ROOT, "%.4g", point));
            }
            seen += count;
            lower = upper;
        }
        return lower;
    }
}
