package dev.meshdojo.simulator.shell.command.kubectl.verb;

import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks again until something holds or the time is up. */
final class Polling {

    private static final long INTERVAL_MILLIS = 50;

    private Polling() {}

    /** What is asked. */
    @FunctionalInterface
    interface Check {
        boolean holds() throws InterruptedException;
    }

    /** Whether it held in time; it is asked at least once. */
    static boolean until(Session session, Duration limit, Check check) throws InterruptedException {
        Instant end = session.invocation().host().clock().instant().plus(limit);
        CountDownLatch never = new CountDownLatch(1);
        while (!check.holds()) {
            if (!session.invocation().host().clock().instant().isBefore(end)) {
                return false;
            }
            boolean woken = never.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            if (woken) {
                return false;
            }
        }
        return true;
    }
}
