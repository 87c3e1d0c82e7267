package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.ServerConnection;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What ends one client connection: too long without streams, too old, too many requests. The end is
 * announced first and comes after the drain time. Used on its loop only.
 *
 * <p>Source: Envoy's ConnectionManagerImpl: startDrainSequence and what calls it.
 */
final class ConnectionClocks {

    private final HttpTimeouts timeouts;
    private final EventLoop loop;
    private final LongSupplier ticker;
    private final ServerConnection connection;
    private final @Nullable ScheduledFuture<?> age;
    private @Nullable ScheduledFuture<?> idle;
    private @Nullable ScheduledFuture<?> end;
    private long idleSince;
    private long requests;
    private int streams;
    private boolean draining;

    ConnectionClocks(
            HttpTimeouts timeouts,
            EventLoop loop,
            LongSupplier ticker,
            ServerConnection connection) {
        this.timeouts = timeouts;
        this.loop = loop;
        this.ticker = ticker;
        this.connection = connection;
        this.idleSince = ticker.getAsLong();
        this.idle = schedule(this::onIdle, timeouts.connectionIdle());
        this.age = schedule(this::startDrain, timeouts.maxConnection());
    }

    private @Nullable ScheduledFuture<?> schedule(Runnable task, long millis) {
        return millis <= 0 ? null : loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** A stream begins. */
    void streamBegan() {
        streams++;
        requests++;
        if (timeouts.maxRequests() > 0 && requests >= timeouts.maxRequests()) {
            if (connection.multiplexed()) {
                startDrain();
            } else {
                draining = true;
                connection.retire();
            }
        }
    }

    /** A stream is over. */
    void streamEnded() {
        if (--streams == 0 && idle != null) {
            idleSince = ticker.getAsLong();
        }
    }

    private void onIdle() {
        if (draining) {
            return;
        }
        long limit = TimeUnit.MILLISECONDS.toNanos(timeouts.connectionIdle());
        long left = streams > 0 ? limit : idleSince + limit - ticker.getAsLong();
        if (left > 0) {
            idle = loop.schedule(this::onIdle, left, TimeUnit.NANOSECONDS);
        } else {
            startDrain();
        }
    }

    private void startDrain() {
        if (!draining) {
            draining = true;
            connection.retire();
            end = loop.schedule(connection::drain, timeouts.drain(), TimeUnit.MILLISECONDS);
        }
    }

    /** The connection is over. */
    void stop() {
        stop(age);
        stop(idle);
        stop(end);
    }

    private static void stop(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
