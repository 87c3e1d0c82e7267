package dev.meshdojo.simulator.node;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tries a probe again and again on a virtual thread, until it is closed. At the instant pace a
 * probe that has not succeeded yet is tried in quick succession, without its initial delay.
 */
final class ProbeLoop implements AutoCloseable {

    private static final Duration QUICK = Duration.ofMillis(10);

    private final Probe probe;
    private final ContainerSpec spec;
    private final RunningContainer container;
    private final Consumer<Boolean> verdict;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private boolean decided;
    private boolean good;
    private int streak;

    /**
     * @param verdict told each time the thresholds decide anew; and at each failure threshold again
     */
    ProbeLoop(
            Probe probe,
            ContainerSpec spec,
            RunningContainer container,
            Consumer<Boolean> verdict) {
        this.probe = probe;
        this.spec = spec;
        this.container = container;
        this.verdict = verdict;
        this.thread = Thread.ofVirtual().name("probe-" + spec.name()).start(this::run);
    }

    private void run() {
        KubeletServices services = container.sandbox().services();
        boolean instant = services.options().pace().equals(Pace.INSTANT);
        boolean hurry = instant && probe.kind() != Probe.Kind.LIVENESS;
        try {
            Duration wait = hurry ? Duration.ZERO : probe.initialDelay();
            Duration quick = QUICK;
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                boolean success = step(probe.attempt(spec, container), services);
                wait = probe.period();
                if (hurry && !success && !good) {
                    wait = quick.compareTo(wait) < 0 ? quick : wait;
                    quick = wait.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean step(@Nullable String failure, KubeletServices services) {
        boolean success = failure == null;
        if (closed.getCount() == 0) {
            return success;
        }
        if (failure != null) {
            services.events()
                    .warning(
                            container.sandbox().pod(),
                            spec.fieldPath(),
                            "Unhealthy",
                            probe.kind().title() + " probe failed: " + failure);
        }
        streak =
                success == (streak > 0) || streak == 0
                        ? streak + (success ? 1 : -1)
                        : success ? 1 : -1;
        if (success && streak >= probe.successThreshold() && (!decided || !good)) {
            decided = true;
            good = true;
            verdict.accept(true);
        } else if (!success && -streak >= probe.failureThreshold()) {
            boolean tell = !decided || good || probe.kind() != Probe.Kind.READINESS;
            decided = true;
            good = false;
            if (tell) {
                verdict.accept(false);
            }
        }
        return success;
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
