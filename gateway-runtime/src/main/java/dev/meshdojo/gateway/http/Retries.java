package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.route.RetryPolicy;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.upstream.CircuitBreaker;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many retries a request has left, and the pause before the next one. Owned by one router, used
 * on its loop only.
 */
final class Retries {

    private final RetryPolicy policy;
    private final UpstreamCluster cluster;
    private final CircuitBreaker breaker;
    private final Exchange exchange;
    private @Nullable ScheduledFuture<?> backOff;
    private int left;
    private boolean counted;

    Retries(RetryPolicy policy, UpstreamCluster cluster, boolean highPriority, Exchange exchange) {
        this.policy = policy;
        this.cluster = cluster;
        this.breaker = cluster.breaker(highPriority);
        this.exchange = exchange;
        this.left = policy.maxRetries();
    }

    /** Whether any is left. */
    boolean possible() {
        return left > 0;
    }

    /** No more from now on: the request can no longer be sent again. */
    void renounce() {
        left = 0;
    }

    /**
     * Begins the pause before a retry, which ends with {@code again}. False when there is none;
     * raises what the log says then.
     */
    boolean begin(Runnable again) {
        if (policy.maxRetries() == 0) {
            return false;
        }
        if (left == 0) {
            cluster.stats().retryLimitExceeded();
            exchange.record().raise(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED);
            return false;
        }
        if (!breaker.beginRetry()) {
            cluster.stats().retryOverflow();
            exchange.record().raise(ResponseFlag.UPSTREAM_OVERFLOW);
            return false;
        }
        cluster.stats().retry();
        left--;
        counted = true;
        backOff =
                exchange.timers()
                        .schedule(
                                () -> {
                                    end();
                                    again.run();
                                },
                                RetryRules.backOffMillis(
                                        policy,
                                        policy.maxRetries() - left,
                                        exchange.environment().random()),
                                TimeUnit.MILLISECONDS);
        return true;
    }

    private void end() {
        if (counted) {
            counted = false;
            breaker.endRetry();
        }
    }

    /** The request is over. */
    void stop() {
        end();
        if (backOff != null) {
            backOff.cancel(false);
        }
    }
}
