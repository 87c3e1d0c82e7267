package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.codec.Http1Server;
import dev.meshdojo.gateway.codec.ServerOptions;
import dev.meshdojo.gateway.codec.ServerSide;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.function.Function;

/**
 * A port of the runtime's own that speaks HTTP/1.1, beside the configured listeners: health, admin.
 * Thread-safe.
 */
public final class HttpPort implements AutoCloseable {

    private final Channel server;
    private final ChannelGroup clients;

    private HttpPort(Channel server, ChannelGroup clients) {
        this.server = server;
        this.clients = clients;
    }

    /**
     * Opens {@code address}.
     *
     * @param what names the port in the failure's text
     * @param sides answers the requests of a connection, on its loop
     * @throws InvalidConfigException when it cannot be bound
     */
    public static HttpPort open(
            EventLoops loops,
            String what,
            InetSocketAddress address,
            Function<EventLoop, ServerSide> sides) {
        ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        ChannelFuture bind =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        clients.add(channel);
                                        channel.pipeline()
                                                .addLast(
                                                        new Http1Server(
                                                                loops.worker(channel.eventLoop()),
                                                                sides.apply(channel.eventLoop()),
                                                                ServerOptions.DEFAULT));
                                    }
                                })
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new InvalidConfigException(
                    "cannot bind "
                            + what
                            + " port "
                            + address
                            + ": "
                            + bind.cause().getMessage()
                            + "; stop what holds it or give another port");
        }
        return new HttpPort(bind.channel(), clients);
    }

    /** The real address. */
    public InetSocketAddress bound() {
        return (InetSocketAddress) server.localAddress();
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
    }
}
