package dev.meshdojo.gateway.filter.http;

import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A token bucket that starts full and is filled once an interval. Lock-free. */
final class TokenBucket {

    private record Level(long tokens, long filledAtMillis) {}

    private final long max;
    private final long perFill;
    private final long intervalMillis;
    private final InstantSource clock;
    private final AtomicReference<Level> level;

    private TokenBucket(long max, long perFill, Duration interval, InstantSource clock) {
        this.max = max;
        this.perFill = perFill;
        this.intervalMillis = interval.toMillis();
        this.clock = clock;
        level = new AtomicReference<>(new Level(max, clock.millis()));
    }

    static TokenBucket compile(io.envoyproxy.envoy.type.v3.TokenBucket proto, InstantSource clock) {
        Duration interval = Duration.ofNanos(Durations.toNanos(proto.getFillInterval()));
        if (interval.compareTo(Duration.ofMillis(50)) < 0) {
            throw new InvalidConfigException(
                    "local rate limit token bucket fill timer must be >= 50ms");
        }
        long perFill =
                proto.hasTokensPerFill()
                        ? Integer.toUnsignedLong(proto.getTokensPerFill().getValue())
                        : 1;
        return new TokenBucket(
                Integer.toUnsignedLong(proto.getMaxTokens()), perFill, interval, clock);
    }

    /** Takes one token; false when there is none. */
    boolean take() {
        while (true) {
            Level seen = current();
            Level filled = filled(seen);
            if (filled.tokens == 0) {
                level.compareAndSet(seen, filled);
                return false;
            }
            Level taken = new Level(filled.tokens - 1, filled.filledAtMillis);
            if (level.compareAndSet(seen, taken)) {
                return true;
            }
        }
    }

    long max() {
        return max;
    }

    long remaining() {
        return filled(current()).tokens;
    }

    long secondsToRefill() {
        long next = filled(current()).filledAtMillis + intervalMillis;
        return Math.max(0, (next - clock.millis() + 999) / 1000);
    }

    private Level current() {
        return Objects.requireNonNull(level.get(), "level");
    }

    private Level filled(Level seen) {
        long fills = (clock.millis() - seen.filledAtMillis) / intervalMillis;
        if (fills <= 0) {
            return seen;
        }
        long tokens = Math.min(max, seen.tokens + fills * perFill);
        return new Level(tokens, seen.filledAtMillis + fills * intervalMillis);
    }
}
