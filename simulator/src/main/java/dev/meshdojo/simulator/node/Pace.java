package dev.meshdojo.simulator.node;

import java.time.Duration;

/**
 * How fast the node does what takes time on a real one.
 *
 * @param pull how long an image takes that the node does not have yet
 * @param create how long it takes to set up a pod's sandbox, and to start a container in it
 */
public record Pace(Duration pull, Duration create) {

    /** No waiting, for tests. */
    public static final Pace INSTANT = new Pace(Duration.ZERO, Duration.ZERO);

    /** Slow enough to see each state go by, for teaching. */
    public static final Pace HUMAN = new Pace(Duration.ofMillis(1500), Duration.ofMillis(400));
}
