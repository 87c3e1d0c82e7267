package dev.meshdojo.gateway.telemetry;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers by status: {@code …rq_completed}, {@code …rq_2xx} and {@code …rq_200}. A status'
 * own counter exists from its first answer on. Thread-safe.
 */
final class StatusCounters {

    private static final int FIRST = 100;
    private static final int LAST = 599;

    private final Function<String, StatName> names;
    private final String stem;
    private final Stats stats;
    private final boolean each;
    private volatile Stats.@Nullable Counter completed;
    private final AtomicReferenceArray<Stats.@Nullable Counter> classes =
            new AtomicReferenceArray<>(6);
    private final AtomicReferenceArray<Stats.@Nullable Counter> codes =
            new AtomicReferenceArray<>(LAST - FIRST + 1);

    /**
     * @param names makes names within the scope
     * @param stem such as {@code downstream_rq}
     * @param each whether every status counts by itself, too
     */
    StatusCounters(Stats stats, Function<String, StatName> names, String stem, boolean each) {
        this.stats = stats;
        this.names = names;
        this.stem = stem;
        this.each = each;
    }

    private Stats.Counter completed() {
        Stats.Counter known = completed;
        if (known == null) {
            known = stats.counter(names.apply(stem + "_completed"));
            completed = known;
        }
        return known;
    }

    /** These, with the count of all there from the beginning. */
    StatusCounters present() {
        completed();
        return this;
    }

    /** Counts one answer; statuses that are none count as completed only. */
    void count(int status) {
        completed().increment();
        if (status < FIRST || status > LAST) {
            return;
        }
        at(classes, status / 100, status / 100 + "xx").increment();
        if (each) {
            at(codes, status - FIRST, Integer.toString(status)).increment();
        }
    }

    private Stats.Counter at(
            AtomicReferenceArray<Stats.@Nullable Counter> counters, int index, String suffix) {
        Stats.Counter known = counters.get(index);
        if (known == null) {
            known = stats.counter(names.apply(stem + "_" + suffix));
            counters.set(index, known);
        }
        return known;
    }
}
