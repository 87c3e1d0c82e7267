package dev.meshdojo.simulator.apps;

import java.io.IOException;

/**
 * What an image runs: the main process of a container.
 *
 * <p>One workload serves any number of containers, so it keeps no state of its own.
 */
@FunctionalInterface
public interface Workload {

    /**
     * Runs in {@code container} until the program ends; called on a virtual thread of its own. An
     * interrupt is the kubelet's SIGTERM: close everything and come back.
     *
     * @return the exit code
     * @throws IOException when the program cannot start, say because a port is taken; the message
     *     goes to the container's log and the exit code is 1
     */
    int run(Container container) throws IOException, InterruptedException;
}
