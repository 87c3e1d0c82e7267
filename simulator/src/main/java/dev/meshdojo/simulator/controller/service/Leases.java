package dev.meshdojo.simulator.controller.service;

import dev.meshdojo.simulator.controller.object.ObjectName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Which of a range of numbered things, cluster IPs or node ports, Services hold. A thing is free
 * again when its holder no longer shows it in the store; what was handed out for a creation that
 * never came to be is free after a moment. Thread-safe.
 *
 * @param <T> the thing handed out
 */
final class Leases<T> {

    private static final Duration IN_FLIGHT = Duration.ofSeconds(10);

    private final int size;
    private final int reserved;
    private final IntFunction<T> thing;
    private final BiPredicate<ObjectName, T> holds;
    private final RandomGenerator random;
    private final Clock clock;
    private final Map<T, Lease> leases = new HashMap<>();

    /**
     * A free range.
     *
     * @param size how many things there are
     * @param reserved how many of the first ones are only handed out when asked for by value or
     *     when all others are taken
     * @param thing the thing of an index from 0
     * @param holds whether the stored Service of a name shows the thing
     */
    Leases(
            int size,
            int reserved,
            IntFunction<T> thing,
            BiPredicate<ObjectName, T> holds,
            RandomGenerator random,
            Clock clock) {
        this.size = size;
        this.reserved = reserved;
        this.thing = thing;
        this.holds = holds;
        this.random = random;
        this.clock = clock;
    }

    private record Lease(ObjectName holder, Instant since, boolean ending) {}

    /** Takes this very thing; false when another Service holds it. */
    synchronized boolean take(T wanted, ObjectName holder) {
        if (taken(wanted, holder)) {
            return false;
        }
        leases.put(wanted, new Lease(holder, clock.instant(), false));
        return true;
    }

    /** Takes any free thing; null when none is left. */
    synchronized @org.jspecify.annotations.Nullable T takeAny(ObjectName holder) {
        int dynamic = size - reserved;
        int start = random.nextInt(dynamic);
        for (int i = 0; i < size; i++) {
            int index = i < dynamic ? reserved + (start + i) % dynamic : i - dynamic;
            T candidate = thing.apply(index);
            if (take(candidate, holder)) {
                return candidate;
            }
        }
        return null;
    }

    /** Makes everything free. */
    synchronized void clear() {
        leases.clear();
    }

    /** Notes that the holder is being deleted. */
    synchronized void ending(T held, ObjectName holder) {
        Lease lease = leases.get(held);
        if (lease != null && lease.holder().equals(holder)) {
            leases.put(held, new Lease(holder, lease.since(), true));
        }
    }

    private boolean taken(T wanted, ObjectName holder) {
        Lease lease = leases.get(wanted);
        if (lease == null || lease.holder().equals(holder)) {
            return false;
        }
        if (holds.test(lease.holder(), wanted)) {
            return true;
        }
        return !lease.ending() && lease.since().plus(IN_FLIGHT).isAfter(clock.instant());
    }
}
