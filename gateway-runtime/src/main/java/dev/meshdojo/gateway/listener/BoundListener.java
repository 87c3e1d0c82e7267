package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The open sockets of one listener and the configuration that new connections get. */
final class BoundListener {

    private static final int BACKLOG = 1024;

    private record Socket(InetSocketAddress configured, Channel channel) {}

    private final EventLoops loops;
    private final SocketAddressing addressing;
    private final HttpEnvironment environment;
    private final Connections connections = new Connections();
    private final List<Socket> sockets = new ArrayList<>();
    private volatile ListenerConfig config;

    BoundListener(
            EventLoops loops,
            SocketAddressing addressing,
            HttpEnvironment environment,
            ListenerConfig config) {
        this.loops = loops;
        this.addressing = addressing;
        this.environment = environment;
        this.config = config;
    }

    ListenerConfig config() {
        return config;
    }

    Connections connections() {
        return connections;
    }

    /** Where it really listens. */
    List<InetSocketAddress> bound() {
        return sockets.stream()
                .map(socket -> (InetSocketAddress) socket.channel().localAddress())
                .toList();
    }

    /** Opens the sockets and waits for them; not on an event loop. */
    void bind() {
        for (InetSocketAddress address : config.addresses()) {
            bind(address);
        }
    }

    private void bind(InetSocketAddress configured) {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(64 * 1024, 256 * 1024))
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(configured, channel);
                                    }
                                });
        Future<?> done = bootstrap.bind(addressing.bindAddress(configured));
        done.awaitUninterruptibly();
        if (!done.isSuccess()) {
            Throwable cause = Objects.requireNonNull(done.cause());
            String message = String.valueOf(cause.getMessage());
            String reason =
                    message.contains("Address already in use")
                            ? "Address already in use"
                            : message.contains("ermission denied") ? "Permission denied" : message;
            closeSockets();
            throw new InvalidConfigException(
                    "cannot bind '" + ListenerCompiler.text(configured) + "': " + reason);
        }
        Channel channel = ((io.netty.channel.ChannelFuture) done).channel();
        sockets.add(new Socket(configured, channel));
        addressing.bound(configured, (InetSocketAddress) channel.localAddress());
    }

    private void accept(InetSocketAddress configured, Channel channel) {
        Worker worker = loops.worker(channel.eventLoop());
        InetSocketAddress peer =
                addressing.peerAddress((InetSocketAddress) channel.remoteAddress());
        InetSocketAddress local =
                addressing.localAddress(configured, (InetSocketAddress) channel.localAddress());
        channel.pipeline()
                .addLast(
                        new ConnectionSetup(config, environment, connections, worker, peer, local));
    }

    /** New connections get {@code next}; those whose chain it lacks are let go. */
    void replace(ListenerConfig next) {
        config = next;
        connections.retire(chain -> !next.has(chain));
    }

    /** No new connections; those open go on. */
    void stopAccepting() {
        closeSockets();
        connections.retire(chain -> true);
    }

    private void closeSockets() {
        for (Socket socket : sockets) {
            addressing.unbound(socket.configured());
            socket.channel().close().awaitUninterruptibly();
        }
        sockets.clear();
    }

    /** Ends everything at once. */
    void close() {
        closeSockets();
        connections.close();
    }
}
