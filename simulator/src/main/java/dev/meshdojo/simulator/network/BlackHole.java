package dev.meshdojo.simulator.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * An address that swallows packets, as a router does with a destination it has no way to: a
 * listening socket whose queue is full and that never accepts, so further connection requests stay
 * without an answer and the client's own timeout decides.
 */
final class BlackHole implements AutoCloseable {

    private static final int FILL = 4;

    private final ServerSocketChannel listener;
    private final List<SocketChannel> fill = new ArrayList<>();

    BlackHole(java.net.InetAddress loopback) {
        try {
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(loopback, 0), 1);
            for (int i = 0; i < FILL; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                fill.add(channel);
                channel.connect(listener.getLocalAddress());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + loopback, e);
        }
    }

    /** Where to connect to get no answer. */
    InetSocketAddress address() {
        try {
            return (InetSocketAddress) listener.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (SocketChannel channel : fill) {
                channel.close();
            }
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
