package dev.meshdojo.gateway.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * The statistics of one cluster, {@code cluster.<name>.…}. Thread-safe; handles are looked up once.
 *
 * <p>Source: Envoy "Cluster manager statistics".
 */
public final class ClusterStats {

    private final Stats stats;
    private final String cluster;
    private final Stats.Counter connections;
    private final Stats.Gauge activeConnections;
    private final Stats.Counter[] connectionsByVersion;
    private final Stats.Counter destroyed;
    private final Stats.Counter connectFailures;
    private final Stats.Counter connectTimeouts;
    private final Stats.Counter requests;
    private final Stats.Gauge activeRequests;
    private final Stats.Counter pending;
    private final Stats.Gauge activePending;
    private final Stats.Counter pendingOverflow;
    private final Stats.Counter timeouts;
    private final Stats.Counter perTryTimeouts;
    private final Stats.Counter retries;
    private final Stats.Counter retrySuccesses;
    private final Stats.Counter retryLimits;
    private final Stats.Counter retryOverflows;
    private final Stats.Counter noneHealthy;
    private final Stats.Histogram requestMillis;
    private volatile Stats.@Nullable Histogram externalMillis;
    private final StatusCounters statuses;
    private final StatusCounters external;
    private final StatusCounters retried;

    private ClusterStats(Stats stats, String cluster) {
        this.stats = stats;
        this.cluster = cluster;
        connections = counter("upstream_cx_total");
        activeConnections = gauge("upstream_cx_active");
        connectionsByVersion =
                new Stats.Counter[] {
                    counter("upstream_cx_http1_total"), counter("upstream_cx_http2_total")
                };
        destroyed = counter("upstream_cx_destroy");
        connectFailures = counter("upstream_cx_connect_fail");
        connectTimeouts = counter("upstream_cx_connect_timeout");
        requests = counter("upstream_rq_total");
        activeRequests = gauge("upstream_rq_active");
        pending = counter("upstream_rq_pending_total");
        activePending = gauge("upstream_rq_pending_active");
        pendingOverflow = counter("upstream_rq_pending_overflow");
        timeouts = counter("upstream_rq_timeout");
        perTryTimeouts = counter("upstream_rq_per_try_timeout");
        retries = counter("upstream_rq_retry");
        retrySuccesses = counter("upstream_rq_retry_success");
        retryLimits = counter("upstream_rq_retry_limit_exceeded");
        retryOverflows = counter("upstream_rq_retry_overflow");
        noneHealthy = counter("upstream_cx_none_healthy");
        requestMillis = stats.histogram(StatName.cluster(cluster, "upstream_rq_time"));
        statuses = statuses("upstream_rq").present();
        external = statuses("external.upstream_rq");
        retried = statuses("retry.upstream_rq");
    }

    /** The statistics of a cluster. */
    public static ClusterStats of(Stats stats, String cluster) {
        return new ClusterStats(stats, cluster);
    }

    private Stats.Counter counter(String name) {
        return stats.counter(StatName.cluster(cluster, name));
    }

    private Stats.Gauge gauge(String name) {
        return stats.gauge(StatName.cluster(cluster, name));
    }

    private StatusCounters statuses(String stem) {
        return new StatusCounters(stats, name -> StatName.cluster(cluster, name), stem, true);
    }

    /** A connection is being opened. */
    public void connecting(boolean http2) {
        connections.increment();
        activeConnections.increment();
        connectionsByVersion[http2 ? 1 : 0].increment();
    }

    /** A connection could not be opened. */
    public void connectFailed(boolean timeout) {
        activeConnections.decrement();
        destroyed.increment();
        (timeout ? connectTimeouts : connectFailures).increment();
    }

    /** A connection is over. */
    public void disconnected() {
        activeConnections.decrement();
        destroyed.increment();
    }

    /** A request waits for a connection. */
    public void pending() {
        pending.increment();
        activePending.increment();
    }

    /** Requests no longer wait. */
    public void pendingEnded(int requests) {
        activePending.add(-requests);
    }

    /** A circuit breaker let no request through. */
    public void overflow() {
        pendingOverflow.increment();
    }

    /** A request got its stream. */
    public void requestBegan() {
        requests.increment();
        activeRequests.increment();
    }

    /** A request's stream is over. */
    public void requestEnded() {
        activeRequests.decrement();
    }

    /** No endpoint is there to choose. */
    public void noneHealthy() {
        noneHealthy.increment();
    }

    /** An answer that goes to the client, be it the upstream's or ours. */
    public void answered(int status) {
        statuses.count(status);
        external.count(status);
    }

    /** An answer that is tried again. */
    public void answeredForRetry(int status) {
        retried.count(status);
    }

    /** A request is complete, both ways. */
    public void completed(long millis) {
        requestMillis.record(millis);
        Stats.Histogram known = externalMillis;
        if (known == null) {
            known = stats.histogram(StatName.cluster(cluster, "external.upstream_rq_time"));
            externalMillis = known;
        }
        known.record(millis);
    }

    /** A request took too long as a whole. */
    public void timeout() {
        timeouts.increment();
    }

    /** A try took too long. */
    public void perTryTimeout() {
        perTryTimeouts.increment();
    }

    /** A retry begins. */
    public void retry() {
        retries.increment();
    }

    /** A retry's answer was good. */
    public void retrySucceeded() {
        retrySuccesses.increment();
    }

    /** No retry was left. */
    public void retryLimitExceeded() {
        retryLimits.increment();
    }

    /** Too many retries are under way. */
    public void retryOverflow() {
        retryOverflows.increment();
    }

    /** An endpoint was ejected by outlier detection. */
    public void ejected() {
        counter("outlier_detection.ejections_total").increment();
        counter("outlier_detection.ejections_enforced_total").increment();
        gauge("outlier_detection.ejections_active").increment();
    }

    /** An ejected endpoint is back. */
    public void uneject() {
        gauge("outlier_detection.ejections_active").decrement();
    }

    /** Sets the levels that nobody counts along the way. */
    public void levels(int members, int healthy) {
        gauge("membership_total").set(members);
        gauge("membership_healthy").set(healthy);
    }
}
