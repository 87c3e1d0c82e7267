package dev.meshdojo.gateway.telemetry;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * The gateway's statistics under Envoy's names. Thread-safe and lock-free once a statistic exists:
 * look handles up when configuration is compiled, not per request.
 */
public final class Stats {

    private final Counter unkeptCounter = new Counter();
    private final Gauge unkeptGauge = new Gauge();
    private final Histogram unkeptHistogram = new Histogram();

    private final Predicate<String> kept;
    private final Map<StatName, Counter> counters = new ConcurrentHashMap<>();
    private final Map<StatName, Gauge> gauges = new ConcurrentHashMap<>();
    private final Map<StatName, Histogram> histograms = new ConcurrentHashMap<>();

    /** Statistics of which all are kept. */
    public Stats() {
        this(name -> true);
    }

    /**
     * Statistics of which some are kept.
     *
     * @param kept decides by the raw name, as {@code stats_matcher} does
     */
    public Stats(Predicate<String> kept) {
        this.kept = kept;
    }

    /** The counter of that name, created at 0. */
    public Counter counter(StatName name) {
        return !kept.test(name.raw())
                ? unkeptCounter
                : counters.computeIfAbsent(name, key -> new Counter());
    }

    /** The gauge of that name, created at 0. */
    public Gauge gauge(StatName name) {
        return !kept.test(name.raw())
                ? unkeptGauge
                : gauges.computeIfAbsent(name, key -> new Gauge());
    }

    /** The histogram of that name, created empty. */
    public Histogram histogram(StatName name) {
        return !kept.test(name.raw())
                ? unkeptHistogram
                : histograms.computeIfAbsent(name, key -> new Histogram());
    }

    /** The values at this moment. */
    public StatsSnapshot snapshot() {
        Map<StatName, Long> counted = new TreeMap<>(StatsSnapshot.ORDER);
        counters.forEach((name, counter) -> counted.put(name, counter.value()));
        Map<StatName, Long> gauged = new TreeMap<>(StatsSnapshot.ORDER);
        gauges.forEach((name, gauge) -> gauged.put(name, gauge.value()));
        Map<StatName, StatsSnapshot.Distribution> distributions =
                new TreeMap<>(StatsSnapshot.ORDER);
        histograms.forEach((name, histogram) -> distributions.put(name, histogram.read()));
        return new StatsSnapshot(counted, gauged, distributions);
    }

    /** Drops every statistic of a scope, such as {@code cluster.<name>.}, that left the config. */
    public void drop(String rawPrefix) {
        counters.keySet().removeIf(name -> name.raw().startsWith(rawPrefix));
        gauges.keySet().removeIf(name -> name.raw().startsWith(rawPrefix));
        histograms.keySet().removeIf(name -> name.raw().startsWith(rawPrefix));
    }

    /** Sets all counters to 0, as {@code POST /reset_counters} does. */
    public void resetCounters() {
        counters.values().forEach(counter -> counter.count.reset());
    }

    /** A count that only grows. */
    public static final class Counter {
        private final LongAdder count = new LongAdder();

        /** Counts one. */
        public void increment() {
            count.increment();
        }

        /** Counts {@code amount}. */
        public void add(long amount) {
            count.add(amount);
        }

        /** The count. */
        public long value() {
            return count.sum();
        }
    }

    /** A level. */
    public static final class Gauge {
        private final LongAdder level = new LongAdder();

        /** Raises the level by one. */
        public void increment() {
            level.increment();
        }

        /** Lowers the level by one. */
        public void decrement() {
            level.decrement();
        }

        /** Raises, or lowers, the level. */
        public void add(long amount) {
            level.add(amount);
        }

        /** Sets the level; not atomic with concurrent changes. */
        public void set(long value) {
            level.add(value - level.sum());
        }

        /** The level. */
        public long value() {
            return level.sum();
        }
    }

    /** A distribution of values in Envoy's Prometheus buckets. */
    public static final class Histogram {
        private final LongAdder[] buckets = new LongAdder[StatsSnapshot.BUCKETS.length + 1];
        private final LongAdder sum = new LongAdder();

        private Histogram() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        /** Records one value; of durations, milliseconds. */
        public void record(long value) {
            int bucket = 0;
            while (bucket < StatsSnapshot.BUCKETS.length && value > StatsSnapshot.BUCKETS[bucket]) {
                bucket++;
            }
            buckets[bucket].increment();
            sum.add(value);
        }

        private StatsSnapshot.Distribution read() {
            long[] counts = new long[buckets.length];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = buckets[i].sum();
            }
            return new StatsSnapshot.Distribution(counts, sum.sum());
        }
    }
}
