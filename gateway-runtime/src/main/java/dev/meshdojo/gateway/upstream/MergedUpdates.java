package dev.meshdojo.gateway.upstream;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells of changed health at once, but not more often than once in a time; what happens in between
 * is told together. Thread-safe.
 *
 * <p>Source: Envoy's {@code update_merge_window}, one second by default: of several endpoints that
 * are ejected within a second, the first is avoided at once and the others a second later.
 */
final class MergedUpdates {

    private final long windowNanos;
    private final EventLoop loop;
    private final LongSupplier ticker;
    private final Runnable told;
    private boolean everTold;
    private boolean waiting;
    private long lastTold;

    MergedUpdates(long windowMillis, EventLoop loop, LongSupplier ticker, Runnable told) {
        this.windowNanos = TimeUnit.MILLISECONDS.toNanos(windowMillis);
        this.loop = loop;
        this.ticker = ticker;
        this.told = told;
    }

    /** Health has changed. */
    synchronized void changed() {
        if (!everTold || ticker.getAsLong() - lastTold > windowNanos || windowNanos == 0) {
            tell();
        } else if (!waiting) {
            waiting = true;
            loop.schedule(this::later, windowNanos, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void later() {
        if (waiting) {
            tell();
        }
    }

    /** Members have come or gone, which does not wait; what waited is told with it. */
    synchronized void now() {
        waiting = false;
        told.run();
    }

    private void tell() {
        everTold = true;
        waiting = false;
        lastTold = ticker.getAsLong();
        told.run();
    }
}
