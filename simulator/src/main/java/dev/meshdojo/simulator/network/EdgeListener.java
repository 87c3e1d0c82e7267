package dev.meshdojo.simulator.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A real socket that stands for one port of the cluster's edge: a node port or a load-balancer
 * port. It answers from the moment it is made.
 */
final class EdgeListener implements AutoCloseable {

    private final InetSocketAddress address;
    private final Channel channel;

    private EdgeListener(InetSocketAddress address, Channel channel) {
        this.address = address;
        this.channel = channel;
    }

    /**
     * Listens.
     *
     * @param connections takes in the listener and what it accepts, to be closed with the cluster
     * @param backend asked once a connection; null resets it
     * @throws IOException when the address is in use or not allowed
     */
    static EdgeListener open(
            InetSocketAddress wanted,
            EventLoopGroup loops,
            ChannelGroup connections,
            Supplier<@Nullable InetSocketAddress> backend)
            throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(wanted, 1024);
            socket.configureBlocking(false);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e instanceof IOException io ? io : new IOException(e);
        }
        ChannelFactory<ServerChannel> accepted = () -> new NioServerSocketChannel(socket);
        InetSocketAddress address = (InetSocketAddress) socket.getLocalAddress();
        Channel channel =
                new ServerBootstrap()
                        .group(loops)
                        .channelFactory(accepted)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        connections.add(channel);
                                        channel.pipeline().addLast(new EdgeProxy(backend));
                                    }
                                })
                        .register()
                        .channel();
        connections.add(channel);
        return new EdgeListener(address, channel);
    }

    /** Where it really listens. */
    InetSocketAddress address() {
        return address;
    }

    /** Stops accepting; open connections stay. Returns before the socket is closed. */
    @Override
    public void close() {
        channel.close();
    }
}
