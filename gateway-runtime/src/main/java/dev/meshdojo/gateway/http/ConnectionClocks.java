package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.ServerConnection;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.telemetry.HttpStats;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What counts for one client connection, and what ends it: too long without streams, too old, too
 * many requests. The end is announced first and comes after the drain time. Used on its loop only.
 *
 * <p>Source: Envoy's ConnectionManagerImpl: startDrainSequence and what calls it.
 */
final class ConnectionClocks {

    private final HttpTimeouts timeouts;
    private final EventLoop loop;
    private final LongSupplier ticker;
    private final ServerConnection connection;
    private final HttpStats stats;
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
            ServerConnection connection,
            HttpStats stats) {
        this.stats = stats;
        this.timeouts = timeouts;
        this.loop = loop;
        this.ticker = ticker;
        this.connection = connection;
        this.idleSince = ticker.getAsLong();
        this.idle = schedule(this::onIdle, timeouts.connectionIdle());
        this.age = schedule(this::onAge, timeouts.maxConnection());
        stats.protocolKnown(connection.multiplexed());
    }

    private @Nullable ScheduledFuture<?> schedule(Runnable task, long millis) {
        return millis <= 0 ? null : loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** A stream begins. */
    void streamBegan() {
        streams++;
        requests++;
        stats.requestBegan(connection.multiplexed());
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
    void streamEnded(StreamInfo info) {
        stats.requestEnded(info);
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
            stats.connectionIdle();
            startDrain();
        }
    }

    private void onAge() {
        stats.connectionTooOld();
        startDrain();
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
        stats.protocolOver(connection.multiplexed());
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
