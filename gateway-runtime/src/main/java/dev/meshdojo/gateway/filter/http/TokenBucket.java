package dev.meshdojo.gateway.filter.http;

import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket that starts full and fills evenly. Lock-free.
 *
 * <p>Source: Envoy's AtomicTokenBucketImpl: the bucket is kept as the moment at which it was empty.
 */
public final class TokenBucket {

    private static final long MICROS = 1_000_000;

    private final long max;
    private final double perMicro;
    private final InstantSource clock;
    private final AtomicLong emptyAt;

    private TokenBucket(long max, double perMicro, InstantSource clock) {
        this.max = max;
        this.perMicro = perMicro;
        this.clock = clock;
        this.emptyAt = new AtomicLong(now() - (long) Math.ceil(max / perMicro));
    }

    /**
     * A full bucket.
     *
     * @throws InvalidConfigException when it would be filled too often
     */
    public static TokenBucket compile(
            io.envoyproxy.envoy.type.v3.TokenBucket proto, InstantSource clock) {
        long interval = Durations.toMicros(proto.getFillInterval());
        if (interval < 50_000) {
            throw new InvalidConfigException(
                    "local rate limit token bucket fill timer must be >= 50ms");
        }
        long perFill =
                proto.hasTokensPerFill()
                        ? Integer.toUnsignedLong(proto.getTokensPerFill().getValue())
                        : 1;
        return new TokenBucket(
                Integer.toUnsignedLong(proto.getMaxTokens()), (double) perFill / interval, clock);
    }

    private long now() {
        var instant = clock.instant();
        return instant.getEpochSecond() * MICROS + instant.getNano() / 1000;
    }

    /** Takes one token; false when there is none. */
    public boolean take() {
        while (true) {
            long seen = emptyAt.get();
            long now = now();
            double tokens = tokens(seen, now);
            if (tokens < 1) {
                return false;
            }
            long next = now - (long) Math.ceil((tokens - 1) / perMicro);
            if (emptyAt.compareAndSet(seen, next)) {
                return true;
            }
        }
    }

    private double tokens(long empty, long now) {
        return Math.min((double) max, (double) (now - empty) * perMicro);
    }

    long max() {
        return max;
    }

    /** Tokens a second. */
    double rate() {
        return perMicro * MICROS;
    }

    long remaining() {
        return (long) tokens(emptyAt.get(), now());
    }

    /** Whole seconds until there is a token; 0 when there is one. */
    long secondsToRefill() {
        double tokens = tokens(emptyAt.get(), now());
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perMicro / MICROS);
    }
}
