package dev.meshdojo.simulator.network;

import dev.meshdojo.gateway.listener.SocketAddressing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** One pod's attachment: its address and how its sockets stand for it. */
final class LoopbackPod implements ClusterNetwork.PodAttachment, SocketAddressing {

    private static final InetAddress LOCALHOST = IpAddresses.parse("127.0.0.1");

    private final LoopbackNetwork network;
    private final String namespace;
    private final String ip;
    private final InetAddress podAddress;
    private final int number;
    private final InetAddress real;

    LoopbackPod(
            LoopbackNetwork network, String namespace, String ip, int number, InetAddress real) {
        this.network = network;
        this.namespace = namespace;
        this.ip = ip;
        this.podAddress = IpAddresses.parse(ip);
        this.number = number;
        this.real = real;
    }

    int number() {
        return number;
    }

    InetAddress real() {
        return real;
    }

    /** Whether {@code host} names this pod's own loopback interface or address. */
    boolean isOwn(String host) {
        if (host.equals("localhost") || host.equals(ip)) {
            return true;
        }
        InetAddress literal = IpAddresses.literal(host);
        return literal != null && literal.isLoopbackAddress();
    }

    @Override
    public String podIp() {
        return ip;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public SocketAddressing addressing() {
        return this;
    }

    @Override
    public @Nullable InetSocketAddress listening(int port) {
        return network.registry().inside(ip, port);
    }

    @Override
    public InetSocketAddress bindAddress(InetSocketAddress configured) {
        int port = configured.getPort();
        if (port != 0 && network.addressPerPod() && isFree(port)) {
            return new InetSocketAddress(real, port);
        }
        return new InetSocketAddress(real, 0);
    }

    /** Binding asks the system's tables only; it waits for nothing. */
    private boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(real, port), 1);
            return true;
        } catch (IOException inUseOrNotAllowed) {
            return false;
        }
    }

    @Override
    public void bound(InetSocketAddress configured, InetSocketAddress bound) {
        int port = configured.getPort() == 0 ? bound.getPort() : configured.getPort();
        network.registry().bound(ip, port, isLoopback(configured), bound);
    }

    @Override
    public void unbound(InetSocketAddress configured) {
        network.registry().unbound(ip, configured.getPort());
    }

    private static boolean isLoopback(InetSocketAddress address) {
        InetAddress literal = IpAddresses.literal(IpAddresses.text(address));
        return literal != null && literal.isLoopbackAddress();
    }

    @Override
    public InetSocketAddress connectAddress(InetSocketAddress endpoint) {
        String host = IpAddresses.text(endpoint);
        int port = endpoint.getPort();
        InetSocketAddress found =
                isOwn(host)
                        ? network.registry().inside(ip, port)
                        : network.route(ip, namespace, host, port);
        return found == null ? network.refusing() : found;
    }

    @Override
    public @Nullable InetSocketAddress sourceAddress() {
        return network.addressPerPod() ? new InetSocketAddress(real, 0) : null;
    }

    @Override
    public InetSocketAddress peerAddress(InetSocketAddress peer) {
        LoopbackPod pod = network.podAt(peer.getAddress());
        if (pod == this) {
            return new InetSocketAddress(LOCALHOST, peer.getPort());
        }
        return new InetSocketAddress(
                pod == null ? IpAddresses.parse(LoopbackNetwork.OUTSIDE_IP) : pod.podAddress,
                peer.getPort());
    }

    @Override
    public InetSocketAddress localAddress(
            InetSocketAddress configured, InetSocketAddress accepted) {
        int port = configured.getPort() == 0 ? accepted.getPort() : configured.getPort();
        return new InetSocketAddress(isLoopback(configured) ? LOCALHOST : podAddress, port);
    }

    @Override
    public void close() {
        network.detach(this);
    }
}
