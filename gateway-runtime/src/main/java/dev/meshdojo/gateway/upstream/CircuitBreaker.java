package dev.meshdojo.gateway.upstream;

import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A cluster's limits for one priority, and what counts towards them. Thread-safe; a limit may be
 * exceeded by as many as there are threads that ask at the same instant.
 */
public final class CircuitBreaker {

    private final long maxConnections;
    private final long maxPending;
    private final long maxRequests;
    private final long maxRetries;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();

    private CircuitBreaker(
            long maxConnections, long maxPending, long maxRequests, long maxRetries) {
        this.maxConnections = maxConnections;
        this.maxPending = maxPending;
        this.maxRequests = maxRequests;
        this.maxRetries = maxRetries;
    }

    /** Envoy's defaults: 1024 of each, 3 retries. */
    static CircuitBreaker byDefault() {
        return new CircuitBreaker(1024, 1024, 1024, 3);
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

    /** The limit of retries under way. */
    public long maxRetries() {
        return maxRetries;
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
        if (retries.get() >= maxRetries) {
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
