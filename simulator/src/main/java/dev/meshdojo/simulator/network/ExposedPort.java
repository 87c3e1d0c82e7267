package dev.meshdojo.simulator.network;

import java.net.InetSocketAddress;

/**
 * A Service port that the host can reach.
 *
 * @param port the Service port
 * @param clusterAddress what the cluster calls it: the node's or the load balancer's address;
 *     unresolved
 * @param hostAddress where it answers on this machine
 */
public record ExposedPort(
        String namespace,
        String service,
        int port,
        Kind kind,
        InetSocketAddress clusterAddress,
        InetSocketAddress hostAddress) {

    /** How the port came out of the cluster. */
    public enum Kind {
        NODE_PORT,
        LOAD_BALANCER
    }

    /** Whether the host has to use another port or address than the cluster names. */
    public boolean moved() {
        return kind == Kind.NODE_PORT
                ? hostAddress.getPort() != clusterAddress.getPort()
                : hostAddress.getPort() != clusterAddress.getPort()
                        || !hostAddress
                                .getAddress()
                                .getHostAddress()
                                .equals(clusterAddress.getHostString());
    }
}
