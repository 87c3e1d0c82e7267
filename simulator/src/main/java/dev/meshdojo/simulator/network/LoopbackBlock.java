package dev.meshdojo.simulator.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's share of 127.0.0.0/8: {@code 127.b.c.0/23} with an even {@code c}. The lower half is
 * for pods, the upper one for load-balancer addresses.
 *
 * <p>A block is taken by listening on its last address but one, so the operating system settles who
 * owns it, also among processes. Where it routes 127.0.0.1 alone there are no blocks, and
 * everything lives on that address.
 */
final class LoopbackBlock implements AutoCloseable {

    private static final int GUARD_PORT = 24447;
    private static final int FIRST_NET = 64;
    private static final int NETS = 128;
    private static final int BLOCKS_PER_NET = 128;

    private final int net;
    private final int subnet;
    private final ServerSocket guard;

    private LoopbackBlock(int net, int subnet, ServerSocket guard) {
        this.net = net;
        this.subnet = subnet;
        this.guard = guard;
    }

    /**
     * Takes a free block.
     *
     * @param preferred an address of the block to try first, or null
     * @throws UncheckedIOException when every block is taken
     */
    static LoopbackBlock reserve(@Nullable InetAddress preferred) {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return shared();
        }
        int total = NETS * BLOCKS_PER_NET;
        int first =
                preferred == null
                        ? (int) Math.floorMod(ProcessHandle.current().pid() * 61, (long) total)
                        : number(preferred, total);
        IOException lastFailure = null;
        for (int i = 0; i < total; i++) {
            int number = (first + i) % total;
            int net = FIRST_NET + number / BLOCKS_PER_NET;
            int subnet = number % BLOCKS_PER_NET * 2;
            try {
                ServerSocket guard = listen(address(net, subnet + 1, 254), GUARD_PORT);
                return new LoopbackBlock(net, subnet, guard);
            } catch (IOException taken) {
                lastFailure = taken;
            }
        }
        throw new UncheckedIOException(
                new IOException(
                        "no free block in 127.64.0.0 to 127.191.255.255 (tried "
                                + total
                                + "); close other clusters on this machine",
                        lastFailure));
    }

    private static int number(InetAddress address, int total) {
        byte[] bytes = address.getAddress();
        int number = ((bytes[1] & 0xff) - FIRST_NET) * BLOCKS_PER_NET + (bytes[2] & 0xff) / 2;
        return Math.floorMod(number, total);
    }

    private static LoopbackBlock shared() {
        try {
            return new LoopbackBlock(0, 0, listen(address(0, 0, 1), 0));
        } catch (IOException e) {
            throw new UncheckedIOException("127.0.0.1 cannot be listened on", e);
        }
    }

    private static ServerSocket listen(InetAddress address, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), 1);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Whether each pod and load balancer has an address of its own. */
    boolean addressPerPod() {
        return net != 0;
    }

    /** The loopback address of pod number {@code number}, 1 to 254. */
    InetAddress pod(int number) {
        return addressPerPod() ? address(net, subnet, number) : address(0, 0, 1);
    }

    /** Load-balancer address number {@code number}, 1 to 199. */
    InetAddress loadBalancer(int number) {
        return address(net, subnet + 1, number);
    }

    /** Whether {@code address} is one of {@link #loadBalancer}'s. */
    boolean isLoadBalancer(InetAddress address) {
        byte[] bytes = address.getAddress();
        return addressPerPod()
                && bytes.length == 4
                && bytes[0] == 127
                && (bytes[1] & 0xff) == net
                && (bytes[2] & 0xff) == subnet + 1;
    }

    /** An address where nothing ever listens, so that a connection is refused by the system. */
    InetSocketAddress refusing() {
        return new InetSocketAddress(
                addressPerPod() ? address(net, subnet + 1, 253) : address(0, 0, 1), 1);
    }

    private static InetAddress address(int second, int third, int fourth) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {127, (byte) second, (byte) third, (byte) fourth});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    @Override
    public void close() {
        try {
            guard.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
