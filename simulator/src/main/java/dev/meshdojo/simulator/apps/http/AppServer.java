package dev.meshdojo.simulator.apps.http;

import dev.meshdojo.gateway.listener.SocketAddressing;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A listening port of a container. Closing it closes its connections too. Opening and closing wait
 * for the system, so they never run on an event loop.
 */
public final class AppServer implements AutoCloseable {

    private final SocketAddressing addressing;
    private final InetSocketAddress configured;
    private final ChannelGroup channels;

    private AppServer(
            SocketAddressing addressing, InetSocketAddress configured, ChannelGroup channels) {
        this.addressing = addressing;
        this.configured = configured;
        this.channels = channels;
    }

    /** Serves HTTP/1 and HTTP/2 with prior knowledge. */
    public static AppServer http(
            SocketAddressing addressing,
            EventLoopGroup loops,
            InetSocketAddress address,
            HttpApp app)
            throws IOException {
        return open(
                addressing,
                loops,
                address,
                channel -> channel.pipeline().addLast(new PlainSniffer(app, addressing)));
    }

    /** Serves HTTP over TLS; ALPN chooses among h2 and http/1.1. */
    public static AppServer https(
            SocketAddressing addressing,
            EventLoopGroup loops,
            InetSocketAddress address,
            Supplier<SslContext> tls,
            HttpApp app)
            throws IOException {
        return open(
                addressing,
                loops,
                address,
                channel -> channel.pipeline().addLast(new TlsSniffer(tls, app, addressing)));
    }

    /** Serves connections that {@code initializer} equips. */
    public static AppServer open(
            SocketAddressing addressing,
            EventLoopGroup loops,
            InetSocketAddress address,
            Consumer<Channel> initializer)
            throws IOException {
        ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channels.add(channel);
                                        initializer.accept(channel);
                                    }
                                })
                        .bind(addressing.bindAddress(address))
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "listen tcp "
                            + address.getAddress().getHostAddress()
                            + ":"
                            + address.getPort()
                            + ": bind: address already in use",
                    bound.cause());
        }
        channels.add(bound.channel());
        addressing.bound(address, (InetSocketAddress) bound.channel().localAddress());
        return new AppServer(addressing, address, channels);
    }

    @Override
    public void close() {
        addressing.unbound(configured);
        channels.close().awaitUninterruptibly();
    }
}
