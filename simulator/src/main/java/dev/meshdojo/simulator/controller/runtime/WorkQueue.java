package dev.meshdojo.simulator.controller.runtime;

import dev.meshdojo.simulator.controller.object.ObjectName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Names to work on, first in first out, each at most once in the queue; with delays and a back-off
 * that doubles from 5 ms to 16 s per name. One worker takes from it. Thread-safe.
 *
 * <p>Source: client-go's rate-limiting work queue.
 */
public final class WorkQueue implements AutoCloseable {

    private static final Duration FIRST_RETRY = Duration.ofMillis(5);
    private static final int MOST_DOUBLINGS = 12;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LinkedHashSet<ObjectName> ready = new LinkedHashSet<>();
    private final PriorityQueue<Delayed> delayed =
            new PriorityQueue<>(
                    Comparator.comparing(Delayed::due).thenComparingLong(Delayed::order));
    private final Map<ObjectName, Integer> failures = new HashMap<>();
    private long order;
    private boolean closed;

    /** An empty queue whose delays run on {@code clock}. */
    public WorkQueue(Clock clock) {
        this.clock = clock;
    }

    private record Delayed(ObjectName name, Instant due, long order) {}

    /** Adds a name unless it waits already. */
    public void add(ObjectName name) {
        lock.lock();
        try {
            if (ready.add(name)) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a name when {@code delay} has passed. */
    public void addAfter(ObjectName name, Duration delay) {
        if (delay.isNegative() || delay.isZero()) {
            add(name);
            return;
        }
        lock.lock();
        try {
            delayed.add(new Delayed(name, clock.instant().plus(delay), order++));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a name that failed, later each time. */
    public void retry(ObjectName name) {
        lock.lock();
        try {
            int failed = failures.merge(name, 1, Integer::sum) - 1;
            Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failed, MOST_DOUBLINGS));
            addAfter(name, delay);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a name's back-off. */
    public void forget(ObjectName name) {
        lock.lock();
        try {
            failures.remove(name);
        } finally {
            lock.unlock();
        }
    }

    /** Looks at delayed names again, after a clock that does not run by itself was set. */
    public void clockMoved() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next name; waits for one. Null once the queue is closed. */
    public @Nullable ObjectName take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long wait = promote();
                if (!ready.isEmpty()) {
                    return ready.removeFirst();
                }
                if (wait < 0) {
                    changed.await();
                } else {
                    long left = changed.awaitNanos(wait);
                    assert left <= wait;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Moves due names over; nanoseconds until the next is due, or -1. */
    private long promote() {
        Instant now = clock.instant();
        for (Delayed next = delayed.peek(); next != null; next = delayed.peek()) {
            if (next.due().isAfter(now)) {
                Duration left = Duration.between(now, next.due());
                return left.compareTo(Duration.ofDays(1)) > 0
                        ? TimeUnit.DAYS.toNanos(1)
                        : Math.max(1, left.toNanos());
            }
            delayed.poll();
            ready.add(next.name());
        }
        return -1;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
