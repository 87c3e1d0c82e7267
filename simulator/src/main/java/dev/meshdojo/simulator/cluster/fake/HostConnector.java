package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.cluster.Connector;
import dev.meshdojo.simulator.network.ClusterNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/**
 * Connects as a program on the host: loopback addresses are the host's own, everything else is the
 * cluster's, reached through its node.
 */
record HostConnector(ClusterNetwork network) implements Connector {

    private static final int CONNECT_MILLIS = 10_000;

    @Override
    public Socket connect(String host, int port) throws IOException {
        if (isLocal(host)) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }
        if (network.lookup("default", host).isEmpty() && !isAddress(host)) {
            throw new UnknownHostException(host);
        }
        return network.connect(null, host, port);
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || (host.matches("[0-9.]+") && isIpv4(host));
    }

    private static boolean isIpv4(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress().equals(host);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
