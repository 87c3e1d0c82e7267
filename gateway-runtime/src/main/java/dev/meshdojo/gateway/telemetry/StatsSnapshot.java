package dev.meshdojo.gateway.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All statistics at one moment. Immutable.
 *
 * @param counters by name, sorted
 * @param gauges by name, sorted
 * @param histograms by name, sorted
 */
public record StatsSnapshot(
        Map<StatName, Long> counters,
        Map<StatName, Long> gauges,
        Map<StatName, Distribution> histograms) {

    /** Alphabetical. */
    static final Comparator<StatName> ORDER = Comparator.comparing(StatName::raw);

    /** Upper bounds of the buckets that Envoy exports to Prometheus. */
    static final double[] BUCKETS = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000,
        1800000, 3600000
    };

    public StatsSnapshot {
        counters = sorted(counters);
        gauges = sorted(gauges);
        histograms = sorted(histograms);
    }

    private static <T> Map<StatName, T> sorted(Map<StatName, T> source) {
        Map<StatName, T> copy = new TreeMap<>(ORDER);
        copy.putAll(source);
        return Collections.unmodifiableMap(copy);
    }

    /**
     * A histogram's counts.
     *
     * @param counts one a bucket, not cumulative; the last one is above all bounds
     * @param sum of all values
     */
    @SuppressWarnings("ArrayRecordComponent") // Read-only view inside one snapshot.
    public record Distribution(long[] counts, long sum) {

        /** How many values. */
        public long total() {
            long total = 0;
            for (long count : counts) {
                total += count;
            }
            return total;
        }
    }

    /** The text of {@code /stats}: {@code name: value} lines, histograms last. */
    public String text(Predicate<String> filter) {
        List<String> lines = new ArrayList<>();
        counters.forEach((name, value) -> addLine(lines, filter, name.raw(), value.toString()));
        gauges.forEach((name, value) -> addLine(lines, filter, name.raw(), value.toString()));
        Collections.sort(lines);
        histograms.forEach(
                (name, value) -> addLine(lines, filter, name.raw(), HistogramText.of(value)));
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static void addLine(
            List<String> lines, Predicate<String> filter, String name, String value) {
        if (filter.test(name)) {
            lines.add(name + ": " + value);
        }
    }

    /**
     * The text of {@code /stats/prometheus}.
     *
     * @param tags how parts of names become labels
     */
    public String prometheus(Predicate<String> filter, StatTags tags) {
        return new StatsSnapshot(
                        tags.applyTo(counters), tags.applyTo(gauges), tags.applyTo(histograms))
                .prometheus(filter);
    }

    private String prometheus(Predicate<String> filter) {
        StringBuilder text = new StringBuilder();
        family(text, "counter", counters, filter);
        family(text, "gauge", gauges, filter);
        String metric = "";
        for (var entry : byMetric(histograms)) {
            StatName name = entry.getKey();
            if (entry.getValue().total() == 0 || !filter.test(name.raw())) {
                continue;
            }
            if (!name.metric().equals(metric)) {
                metric = name.metric();
                text.append("# TYPE ").append(metric).append(" histogram\n");
            }
            histogram(text, name, entry.getValue());
        }
        return text.toString();
    }

    private static void family(
            StringBuilder text, String type, Map<StatName, Long> values, Predicate<String> filter) {
        String metric = "";
        for (var entry : byMetric(values)) {
            StatName name = entry.getKey();
            if (!filter.test(name.raw())) {
                continue;
            }
            if (!name.metric().equals(metric)) {
                metric = name.metric();
                text.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
            }
            text.append(metric)
                    .append(labels(name.labels(), ""))
                    .append(' ')
                    .append(entry.getValue())
                    .append('\n');
        }
    }

    private static void histogram(StringBuilder text, StatName name, Distribution value) {
        long cumulative = 0;
        for (int i = 0; i <= BUCKETS.length; i++) {
            cumulative += value.counts()[i];
            String bound = i == BUCKETS.length ? "+Inf" : number(BUCKETS[i]);
            text.append(name.metric())
                    .append("_bucket")
                    .append(labels(name.labels(), "le=\"" + bound + "\""))
                    .append(' ')
                    .append(cumulative)
                    .append('\n');
        }
        String labels = labels(name.labels(), "");
        text.append(name.metric() + "_sum" + labels + " " + value.sum() + "\n");
        text.append(name.metric() + "_count" + labels + " " + value.total() + "\n");
    }

    private static <T> List<Map.Entry<StatName, T>> byMetric(Map<StatName, T> values) {
        return values.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().metric()))
                .toList();
    }

    static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%s", value);
    }

    private static String labels(Map<String, String> labels, String last) {
        StringBuilder text = new StringBuilder("{");
        labels.forEach(
                (name, value) ->
                        text.append(text.length() == 1 ? "" : ",")
                                .append(name)
                                .append("=\"")
                                .append(escape(value))
                                .append('"'));
        if (!last.isEmpty()) {
            text.append(text.length() == 1 ? "" : ",").append(last);
        }
        return text.append('}').toString();
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
