package dev.meshdojo.simulator.pilot.server;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Gets what lies at an address, as istiod's pod would. Thread-safe; may block. */
@FunctionalInterface
public interface KeyFetcher {

    /**
     * The body of a successful answer.
     *
     * @param limit how long it may take
     * @throws IOException when nothing answers in time or the status is not 2xx; the message says
     *     which
     */
    String fetch(URI uri, Duration limit) throws IOException, InterruptedException;
}
