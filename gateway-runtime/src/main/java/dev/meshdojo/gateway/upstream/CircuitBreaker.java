package dev.meshdojo.gateway.upstream;

import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's limits for one priority, and what counts towards them. Thread-safe; a limit may be
 * exceeded by as many as there are threads that ask at the same instant.
 */
public final class CircuitBreaker {

    private final long maxConnections;
    private final long maxPending;
    private final long maxRequests;
    private final long maxRetries;
    private final @Nullable RetryBudget budget;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    /**
     * Retries as a share of what is under way.
     *
     * @param percent of the requests under way and waiting
     * @param minimum allowed whatever the share is
     */
    private record RetryBudget(double percent, long minimum) {}

    private CircuitBreaker(
            long maxConnections,
            long maxPending,
            long maxRequests,
            long maxRetries,
            @Nullable RetryBudget budget) {
        this.maxConnections = maxConnections;
        this.maxPending = maxPending;
        this.maxRequests = maxRequests;
        this.maxRetries = maxRetries;
        this.budget = budget;
    }

    /** Envoy's defaults: 1024 of each, 3 retries. */
    static CircuitBreaker byDefault() {
        return new CircuitBreaker(1024, 1024, 1024, 3, null);
    }

    static CircuitBreaker compile(Thresholds thresholds) {
        return new CircuitBreaker(
                thresholds.hasMaxConnections()
                        ? Integer.toUnsignedLong(thresholds.getMaxConnections().getValue())
                        : 1024,
                thresholds.hasMaxPendingRequests()
                        ? Integer.toUnsignedLong(thresholds.getMaxPendingRequests().getValue())
                        : 1024,
                thresholds.hasMaxRequests()
                        ? Integer.toUnsignedLong(thresholds.getMaxRequests().getValue())
                        : 1024,
                thresholds.hasMaxRetries()
                        ? Integer.toUnsignedLong(thresholds.getMaxRetries().getValue())
                        : 3,
                thresholds.hasRetryBudget() ? budget(thresholds.getRetryBudget()) : null);
    }

    private static RetryBudget budget(Thresholds.RetryBudget proto) {
        return new RetryBudget(
                proto.hasBudgetPercent() ? proto.getBudgetPercent().getValue() : 20,
                proto.hasMinRetryConcurrency()
                        ? Integer.toUnsignedLong(proto.getMinRetryConcurrency().getValue())
                        : 3);
    }

    /** The limit of connections. */
    public long maxConnections() {
        return maxConnections;
    }

    /** The limit of requests that wait for a connection. */
    public long maxPending() {
        return maxPending;
    }

    /** The limit of requests under way. */
    public long maxRequests() {
        return maxRequests;
    }

    /** The limit of retries under way; with a retry budget, the limit of this moment. */
    public long maxRetries() {
        if (budget == null) {
            return maxRetries;
        }
        long active = (long) requests.get() + pending.get();
        return Math.max((long) (budget.percent() / 100 * active), budget.minimum());
    }

    boolean mayConnect() {
        return connections.get() < maxConnections;
    }

    boolean mayWait() {
        return pending.get() < maxPending;
    }

    boolean mayRequest() {
        return requests.get() < maxRequests;
    }

    /** Counts a retry; false when the limit is reached and nothing was counted. */
    public boolean beginRetry() {
        if (retries.get() >= maxRetries()) {
            return false;
        }
        retries.incrementAndGet();
        return true;
    }

    /** Takes back what {@link #beginRetry} counted. */
    public void endRetry() {
        retries.decrementAndGet();
    }

    void connections(int change) {
        connections.addAndGet(change);
    }

    void pending(int change) {
        pending.addAndGet(change);
    }

    void requests(int change) {
        requests.addAndGet(change);
    }
}
