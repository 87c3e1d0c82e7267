package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.telemetry.ClusterStats;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps requests away from endpoints that fail in a row, for a time that grows with each ejection.
 * Thread-safe.
 *
 * <p>Source: Envoy's outlier detection, consecutive 5xx, gateway and local-origin failures. Not
 * modelled: success rate and failure percentage, which Istio switches off.
 */
final class OutlierDetector implements AutoCloseable {

    /** What is known of one endpoint. */
    static final class Monitor {
        private final AtomicInteger serverErrors = new AtomicInteger();
        private final AtomicInteger gatewayErrors = new AtomicInteger();
        private final AtomicInteger localFailures = new AtomicInteger();
        private volatile boolean ejected;
        private volatile long ejectedAt;
        private volatile int ejections;

        boolean ejected() {
            return ejected;
        }

        private void reset() {
            serverErrors.set(0);
            gatewayErrors.set(0);
            localFailures.set(0);
        }
    }

    /**
     * The thresholds; a count of 0 switches a detector off. Durations in nanoseconds.
     *
     * @param maxEjectionPercent the share that may be out at once
     */
    record Settings(
            int consecutiveServerErrors,
            int consecutiveGatewayErrors,
            int consecutiveLocalFailures,
            boolean splitLocalOrigin,
            long interval,
            long baseEjection,
            long maxEjection,
            int maxEjectionPercent,
            boolean alwaysEjectOne) {

        static Settings compile(OutlierDetection proto) {
            long base =
                    proto.hasBaseEjectionTime()
                            ? nanos(proto.getBaseEjectionTime())
                            : Duration.ofSeconds(30).toNanos();
            long max =
                    proto.hasMaxEjectionTime()
                            ? nanos(proto.getMaxEjectionTime())
                            : Math.max(base, Duration.ofMinutes(5).toNanos());
            return new Settings(
                    enforced(
                                    proto.getEnforcingConsecutive5Xx().getValue(),
                                    proto.hasEnforcingConsecutive5Xx(),
                                    true)
                            ? count(proto.hasConsecutive5Xx(), proto.getConsecutive5Xx().getValue())
                            : 0,
                    enforced(
                                    proto.getEnforcingConsecutiveGatewayFailure().getValue(),
                                    proto.hasEnforcingConsecutiveGatewayFailure(),
                                    false)
                            ? count(
                                    proto.hasConsecutiveGatewayFailure(),
                                    proto.getConsecutiveGatewayFailure().getValue())
                            : 0,
                    enforced(
                                    proto.getEnforcingConsecutiveLocalOriginFailure().getValue(),
                                    proto.hasEnforcingConsecutiveLocalOriginFailure(),
                                    true)
                            ? count(
                                    proto.hasConsecutiveLocalOriginFailure(),
                                    proto.getConsecutiveLocalOriginFailure().getValue())
                            : 0,
                    proto.getSplitExternalLocalOriginErrors(),
                    proto.hasInterval()
                            ? nanos(proto.getInterval())
                            : Duration.ofSeconds(10).toNanos(),
                    base,
                    max,
                    proto.hasMaxEjectionPercent()
                            ? Math.min(100, proto.getMaxEjectionPercent().getValue())
                            : 10,
                    proto.getAlwaysEjectOneHost().getValue());
        }

        private static boolean enforced(int percent, boolean given, boolean byDefault) {
            return given ? percent > 0 : byDefault;
        }

        private static int count(boolean given, int value) {
            return given ? value : 5;
        }

        private static long nanos(com.google.protobuf.Duration duration) {
            return duration.getSeconds() * 1_000_000_000L + duration.getNanos();
        }
    }

    private final Settings settings;
    private final Supplier<Collection<Endpoint>> members;
    private final LongSupplier ticker;
    private final Runnable changed;
    private final Supplier<ClusterStats> stats;
    private final ScheduledFuture<?> sweep;

    OutlierDetector(
            Settings settings,
            Supplier<Collection<Endpoint>> members,
            Worker worker,
            LongSupplier ticker,
            Runnable changed,
            Supplier<ClusterStats> stats) {
        this.stats = stats;
        this.settings = settings;
        this.members = members;
        this.ticker = ticker;
        this.changed = changed;
        this.sweep =
                worker.loop()
                        .scheduleWithFixedDelay(
                                this::sweep,
                                settings.interval(),
                                settings.interval(),
                                TimeUnit.NANOSECONDS);
    }

    /** An answer came back. */
    void onStatus(Endpoint endpoint, int status) {
        Monitor monitor = endpoint.monitor;
        monitor.localFailures.set(0);
        if (status / 100 != 5) {
            monitor.serverErrors.set(0);
            monitor.gatewayErrors.set(0);
            return;
        }
        boolean gateway = status == 502 || status == 503 || status == 504;
        if (!gateway) {
            monitor.gatewayErrors.set(0);
        }
        boolean eject =
                gateway && reached(monitor.gatewayErrors, settings.consecutiveGatewayErrors());
        eject |= reached(monitor.serverErrors, settings.consecutiveServerErrors());
        if (eject) {
            eject(endpoint);
        }
    }

    /** No connection, or none in time. */
    void onLocalFailure(Endpoint endpoint) {
        if (!settings.splitLocalOrigin()) {
            onStatus(endpoint, 503);
        } else if (reached(endpoint.monitor.localFailures, settings.consecutiveLocalFailures())) {
            eject(endpoint);
        }
    }

    private static boolean reached(AtomicInteger count, int threshold) {
        int now = count.incrementAndGet();
        return threshold > 0 && now == threshold;
    }

    private synchronized void eject(Endpoint endpoint) {
        Collection<Endpoint> all = members.get();
        long out = all.stream().filter(Endpoint::ejected).count();
        boolean allowed =
                100.0 * (out + 1) / Math.max(1, all.size()) <= settings.maxEjectionPercent()
                        || (out == 0 && settings.alwaysEjectOne());
        Monitor monitor = endpoint.monitor;
        if (allowed && !monitor.ejected) {
            monitor.ejectedAt = ticker.getAsLong();
            monitor.ejections = monitor.ejections + 1;
            monitor.ejected = true;
            stats.get().ejected();
            changed.run();
        } else if (!allowed) {
            monitor.reset();
        }
    }

    private synchronized void sweep() {
        long now = ticker.getAsLong();
        boolean any = false;
        for (Endpoint endpoint : members.get()) {
            Monitor monitor = endpoint.monitor;
            long time =
                    Math.min(
                            settings.baseEjection() * Math.max(1, monitor.ejections),
                            settings.maxEjection());
            if (!monitor.ejected) {
                if (monitor.ejections > 0 && now - monitor.ejectedAt > time) {
                    monitor.ejections = monitor.ejections - 1;
                }
            } else if (now - monitor.ejectedAt >= time) {
                monitor.reset();
                monitor.ejected = false;
                stats.get().uneject();
                any = true;
            }
        }
        if (any) {
            changed.run();
        }
    }

    @Override
    public void close() {
        sweep.cancel(false);
    }
}
