package dev.meshdojo.simulator.node;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a container waits before it is tried again: 10 s, doubled each time up to 5 minutes,
 * forgotten after twice that without failure. Source: kubelet's image and crash back-off.
 */
final class RestartBackoff {

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration MAX = Duration.ofMinutes(5);

    private Duration next = Duration.ZERO;
    private Instant last = Instant.EPOCH;

    /** The wait after a failure at {@code now}. */
    Duration after(Instant now) {
        if (last.plus(MAX.multipliedBy(2)).isBefore(now)) {
            next = Duration.ZERO;
        }
        last = now;
        next = next.isZero() ? FIRST : next.multipliedBy(2);
        if (next.compareTo(MAX) > 0) {
            next = MAX;
        }
        return next;
    }

    /** As Go prints a duration: {@code 10s}, {@code 1m20s}, {@code 5m0s}. */
    static String text(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    }
}
