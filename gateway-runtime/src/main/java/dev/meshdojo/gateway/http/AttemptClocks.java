package dev.meshdojo.gateway.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What ends one try that takes too long. Used on its loop only. */
final class AttemptClocks {

    /** Why a try is given up. */
    enum Expiry {
        /** Its whole time is over. */
        PER_TRY,
        /** Nothing was sent or received for too long. */
        PER_TRY_IDLE,
        /** The cluster's limit for streams. */
        MAX_STREAM_DURATION
    }

    private final EventLoop loop;
    private final LongSupplier ticker;
    private final Consumer<Expiry> expired;
    private long idleNanos;
    private long touched;
    private @Nullable ScheduledFuture<?> perTry;
    private @Nullable ScheduledFuture<?> idle;
    private @Nullable ScheduledFuture<?> whole;

    AttemptClocks(EventLoop loop, LongSupplier ticker, Consumer<Expiry> expired) {
        this.loop = loop;
        this.ticker = ticker;
        this.expired = expired;
    }

    /** The request is sent: the time for its answer runs. */
    void awaitAnswer(long millis) {
        if (millis > 0 && perTry == null) {
            perTry =
                    loop.schedule(
                            () -> expired.accept(Expiry.PER_TRY), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** The answer has begun. */
    void answered() {
        stop(perTry);
    }

    /** Runs while nothing is sent or received. */
    void watchIdle(long millis) {
        if (millis > 0 && idle == null) {
            idleNanos = TimeUnit.MILLISECONDS.toNanos(millis);
            touched = ticker.getAsLong();
            idle = loop.schedule(this::onIdle, idleNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void onIdle() {
        long left = touched + idleNanos - ticker.getAsLong();
        if (left > 0) {
            idle = loop.schedule(this::onIdle, left, TimeUnit.NANOSECONDS);
        } else {
            expired.accept(Expiry.PER_TRY_IDLE);
        }
    }

    /** Something was sent or received. */
    void touch() {
        if (idleNanos > 0) {
            touched = ticker.getAsLong();
        }
    }

    /** The stream is there: its time runs. */
    void limitStream(long millis) {
        if (millis > 0) {
            whole =
                    loop.schedule(
                            () -> expired.accept(Expiry.MAX_STREAM_DURATION),
                            millis,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** The try is over. */
    void stop() {
        stop(perTry);
        stop(idle);
        stop(whole);
    }

    private static void stop(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
