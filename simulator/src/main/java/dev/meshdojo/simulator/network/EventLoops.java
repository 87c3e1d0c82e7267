package dev.meshdojo.simulator.network;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lease on the event loops that carry the simulated networks of this JVM. All leases share one
 * group of threads, so that a hundred clusters cost no more threads than one; the group starts with
 * the first lease and ends with the last.
 *
 * <p>Thread-safe. {@link #close} waits until the threads are gone, so never call it on an event
 * loop.
 */
public final class EventLoops implements AutoCloseable {

    private static final Shared SHARED = new Shared();

    private final EventLoopGroup group;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EventLoops(EventLoopGroup group) {
        this.group = group;
    }

    /** Takes a lease; whoever takes it closes it. */
    public static EventLoops lease() {
        return new EventLoops(SHARED.acquire());
    }

    /** The threads; an {@link io.netty.channel.nio.NioIoHandler} drives them. */
    public EventLoopGroup group() {
        return group;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            SHARED.release();
        }
    }

    /** Counts the leases and owns the group while there are any. */
    private static final class Shared {
        private int leases;
        private @org.jspecify.annotations.Nullable EventLoopGroup group;

        synchronized EventLoopGroup acquire() {
            EventLoopGroup running = group;
            if (running == null) {
                int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
                running =
                        new MultiThreadIoEventLoopGroup(
                                threads,
                                new DefaultThreadFactory("cluster-network", true),
                                NioIoHandler.newFactory());
                group = running;
            }
            leases++;
            return running;
        }

        synchronized void release() {
            EventLoopGroup running = group;
            if (--leases > 0 || running == null) {
                return;
            }
            group = null;
            running.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
