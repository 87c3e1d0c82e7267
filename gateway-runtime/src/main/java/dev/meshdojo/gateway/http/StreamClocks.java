package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.route.RouteAction;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What ends one stream that takes too long: without traffic, until the request is complete, or as a
 * whole. Used on its loop only.
 *
 * <p>Source: Envoy's ConnectionManagerImpl::ActiveStream timers; a route's own values go before the
 * connection manager's.
 */
final class StreamClocks {

    private static final int GRPC_DEADLINE_EXCEEDED = 4;

    private final Exchange exchange;
    private final long idleNanos;
    private long touched;
    private @Nullable ScheduledFuture<?> idle;
    private @Nullable ScheduledFuture<?> request;
    private @Nullable ScheduledFuture<?> whole;

    private StreamClocks(Exchange exchange, long idleMillis) {
        this.exchange = exchange;
        this.idleNanos = TimeUnit.MILLISECONDS.toNanos(idleMillis);
    }

    /** Starts those that are configured; null when none is. */
    static @Nullable StreamClocks start(
            Exchange exchange, HttpTimeouts timeouts, boolean requestEnded) {
        RouteAction action =
                exchange.route() instanceof RouteDecision.Matched matched ? matched.action() : null;
        long idleMillis = timeouts.streamIdle();
        long maxMillis = orNone(timeouts.maxStream());
        if (action instanceof ForwardAction forward) {
            if (forward.idleTimeout() != null) {
                idleMillis = forward.idleTimeout().toMillis();
            }
            maxMillis = maxStream(forward, exchange.request(), maxMillis);
        }
        long requestMillis = requestEnded ? 0 : timeouts.request();
        if (idleMillis <= 0 && maxMillis < 0 && requestMillis <= 0) {
            return null;
        }
        StreamClocks clocks = new StreamClocks(exchange, idleMillis);
        clocks.arm(requestMillis, maxMillis);
        return clocks;
    }

    private static long maxStream(ForwardAction forward, RequestHead head, long byDefault) {
        if (forward.grpcHeaderMax() != null && head.headers().contains("grpc-timeout")) {
            long cap = forward.grpcHeaderMax().toMillis();
            long asked = RetryRules.grpcTimeoutMillis(head);
            if (asked < 0) {
                return byDefault;
            }
            long millis = cap > 0 && asked > cap ? cap : asked;
            head.headers().set("grpc-timeout", millis + "m");
            return millis;
        }
        return forward.maxStreamDuration() == null
                ? byDefault
                : orNone(forward.maxStreamDuration().toMillis());
    }

    private static long orNone(long millis) {
        return millis == 0 ? -1 : millis;
    }

    /** The times that run from now; none when 0, but a stream's own time may be over at once. */
    private void arm(long requestMillis, long maxMillis) {
        if (idleNanos > 0) {
            touched = now();
            idle = schedule(this::onIdle, idleNanos);
        }
        if (requestMillis > 0) {
            request =
                    schedule(
                            () ->
                                    exchange.expire(
                                            LocalReply.of(
                                                    408,
                                                    "request timeout",
                                                    "request_overall_timeout")),
                            TimeUnit.MILLISECONDS.toNanos(requestMillis));
        }
        if (maxMillis >= 0) {
            whole =
                    schedule(
                            () -> exchange.expire(tooLong(exchange.timeoutStatus())),
                            TimeUnit.MILLISECONDS.toNanos(maxMillis));
        }
    }

    private static LocalReply tooLong(int status) {
        return new LocalReply(
                status,
                "downstream duration timeout",
                new HeaderMap(2),
                "max_duration_timeout",
                Set.of(),
                GRPC_DEADLINE_EXCEEDED);
    }

    private long now() {
        return exchange.environment().ticker().getAsLong();
    }

    private ScheduledFuture<?> schedule(Runnable task, long nanos) {
        return exchange.timers().schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** Something was read or written. */
    void touch() {
        if (idleNanos > 0) {
            touched = now();
        }
    }

    private void onIdle() {
        long left = touched + idleNanos - now();
        if (left > 0) {
            idle = schedule(this::onIdle, left);
        } else {
            exchange.expire(
                    LocalReply.of(
                            exchange.timeoutStatus(),
                            "stream timeout",
                            "stream_idle_timeout",
                            ResponseFlag.STREAM_IDLE_TIMEOUT));
        }
    }

    /** The request is complete. */
    void requestEnded() {
        stop(request);
    }

    /** The stream is over. */
    void stop() {
        stop(idle);
        stop(request);
        stop(whole);
    }

    private static void stop(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
