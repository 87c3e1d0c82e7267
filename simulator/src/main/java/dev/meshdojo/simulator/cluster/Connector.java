package dev.meshdojo.simulator.cluster;

import java.io.IOException;
import java.net.Socket;

/**
 * Opens TCP connections for commands that run beside the cluster: host addresses as usual, cluster
 * addresses through it.
 */
@FunctionalInterface
public interface Connector {

    /**
     * Connects.
     *
     * @throws java.net.UnknownHostException when {@code host} does not resolve
     * @throws IOException when nothing answers, worded as the system words it
     */
    Socket connect(String host, int port) throws IOException;
}
