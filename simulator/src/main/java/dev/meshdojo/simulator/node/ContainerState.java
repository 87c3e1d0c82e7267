package dev.meshdojo.simulator.node;

import java.time.Instant;

/** A container's state as its status shows it. */
sealed interface ContainerState {

    /** Not running yet, or not again. */
    record Waiting(String reason, String message) implements ContainerState {}

    /** Running. */
    record Running(Instant startedAt) implements ContainerState {}

    /**
     * Ended.
     *
     * @param message what the program left as its termination message; empty for none
     */
    record Terminated(
            int exitCode,
            String reason,
            String message,
            String containerId,
            Instant startedAt,
            Instant finishedAt)
            implements ContainerState {}
}
