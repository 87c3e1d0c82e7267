package dev.meshdojo.gateway.listener;

import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.filter.http.TokenBucket;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;
import io.netty.channel.Channel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Network filters that bound how many connections a filter chain takes. */
final class ConnectionLimits {

    private static final NetworkFilter OFF = new NetworkFilter() {};

    private ConnectionLimits() {}

    /** At most so many at a time. Source: Envoy "Connection limit filter". */
    static NetworkFilter atATime(ConnectionLimit proto) {
        if (proto.hasRuntimeEnabled() && !proto.getRuntimeEnabled().getDefaultValue().getValue()) {
            return OFF;
        }
        Duration delay = Duration.ofNanos(Durations.toNanos(proto.getDelay()));
        return new AtATime(proto.getMaxConnections().getValue(), delay, new AtomicLong());
    }

    private record AtATime(long max, Duration delay, AtomicLong open) implements NetworkFilter {

        @Override
        public @Nullable Duration refuse(Channel channel) {
            if (open.incrementAndGet() > max) {
                open.decrementAndGet();
                return delay;
            }
            channel.closeFuture().addListener(closed -> open.decrementAndGet());
            return null;
        }
    }

    /** At most so many in a time. Source: Envoy "Local rate limit" network filter. */
    static NetworkFilter inATime(LocalRateLimit proto, InstantSource clock) {
        if (proto.hasRuntimeEnabled() && !proto.getRuntimeEnabled().getDefaultValue().getValue()) {
            return OFF;
        }
        TokenBucket bucket = TokenBucket.compile(proto.getTokenBucket(), clock);
        return new NetworkFilter() {
            @Override
            public @Nullable Duration refuse(Channel channel) {
                return bucket.take() ? null : Duration.ZERO;
            }
        };
    }
}
