package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.gateway.loop.EventLoops;
import org.jspecify.annotations.Nullable;

/**
 * A lease on the threads that carry all gateways of this JVM; they start with the first lease and
 * end with the last. Thread-safe.
 */
final class GatewayLoops implements AutoCloseable {

    private static final Object LOCK = new Object();
    private static int leases;
    private static @Nullable EventLoops shared;

    private final EventLoops loops;
    private boolean closed;

    private GatewayLoops(EventLoops loops) {
        this.loops = loops;
    }

    static GatewayLoops lease() {
        synchronized (LOCK) {
            EventLoops running = shared;
            if (running == null) {
                running = EventLoops.start(Math.max(2, Runtime.getRuntime().availableProcessors()));
                shared = running;
            }
            leases++;
            return new GatewayLoops(running);
        }
    }

    EventLoops loops() {
        return loops;
    }

    @Override
    public void close() {
        EventLoops ended = null;
        synchronized (LOCK) {
            if (closed) {
                return;
            }
            closed = true;
            if (--leases == 0) {
                ended = shared;
                shared = null;
            }
        }
        if (ended != null) {
            ended.close();
        }
    }
}
