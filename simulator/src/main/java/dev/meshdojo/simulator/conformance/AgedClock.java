package dev.meshdojo.simulator.conformance;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The system's clock, which can be held at an instant while an object of that age is created. */
public final class AgedClock extends Clock {

    private final Clock running;
    private volatile @Nullable Instant held;

    /** A clock that runs. */
    public AgedClock() {
        this(Clock.systemUTC());
    }

    private AgedClock(Clock running) {
        this.running = running;
    }

    /** Stops at an instant. */
    void hold(Instant instant) {
        held = instant;
    }

    /** Runs again. */
    void release() {
        held = null;
    }

    @Override
    public ZoneId getZone() {
        return running.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return running.withZone(zone);
    }

    @Override
    public Instant instant() {
        Instant at = held;
        return at == null ? running.instant() : at;
    }
}
