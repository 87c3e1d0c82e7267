package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.controller.ControllerOptions;
import dev.meshdojo.simulator.controller.ControllerSet;

/** The cluster's controllers, which can be away for a while. Thread-safe. */
final class RestartableControllers implements AutoCloseable {

    private final ControllerOptions options;
    private ControllerSet running;
    private boolean closed;

    RestartableControllers(ControllerOptions options) {
        this.options = options;
        this.running = ControllerSet.start(options);
    }

    /** Runs something while no controller acts; they then start from what is stored. */
    synchronized void paused(Runnable change) {
        if (closed) {
            throw new IllegalStateException("the cluster is closed");
        }
        running.close();
        try {
            change.run();
        } finally {
            running = ControllerSet.start(options);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        running.close();
    }
}
