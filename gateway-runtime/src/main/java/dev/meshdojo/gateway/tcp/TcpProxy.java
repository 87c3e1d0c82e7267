package dev.meshdojo.gateway.tcp;

import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.http.StreamRecord;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.telemetry.AccessLog;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import dev.meshdojo.gateway.tls.UpstreamTls;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import dev.meshdojo.gateway.upstream.XxHash64;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Relays a client's connection to an endpoint and back, byte for byte. Each direction ends on its
 * own; a reader is stopped while the other end takes no more.
 */
public final class TcpProxy extends ChannelInboundHandlerAdapter implements UpstreamCluster.Choice {

    private final TcpConfig config;
    private final HttpEnvironment environment;
    private final StreamRecord record;
    private final boolean admitted;
    private @Nullable ChannelHandlerContext client;
    private @Nullable Channel upstream;
    private @Nullable Endpoint endpoint;
    private @Nullable ScheduledFuture<?> idle;
    private @Nullable ByteBuf early;
    private long lastActive;
    private int attempts;
    private boolean connected;
    private boolean clientEnded;
    private boolean upstreamEnded;
    private boolean closed;

    /**
     * A relay for the connection that {@code record} is about.
     *
     * @param admitted whether network filters let it through; otherwise it is closed at once
     */
    public TcpProxy(
            TcpConfig config, HttpEnvironment environment, StreamRecord record, boolean admitted) {
        this.config = config;
        this.environment = environment;
        this.record = record;
        this.admitted = admitted;
    }

    private ChannelHandlerContext client() {
        return java.util.Objects.requireNonNull(client);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        client = ctx;
        if (ctx.channel().config() instanceof SocketChannelConfig socket) {
            socket.setAllowHalfClosure(true);
        }
        ctx.channel().config().setAutoRead(false);
        lastActive = environment.ticker().getAsLong();
        armIdle(config.idleMillis());
        if (!admitted) {
            close();
            return;
        }
        String name = config.pick(environment.random().nextLong());
        UpstreamCluster cluster = environment.live().get().cluster(name);
        if (cluster == null) {
            record.raise(ResponseFlag.NO_CLUSTER_FOUND);
            close();
            return;
        }
        record.cluster(name);
        connect(cluster);
    }

    private void connect(UpstreamCluster cluster) {
        Endpoint chosen = cluster.choose(record.connection().worker(), this);
        if (chosen == null) {
            record.raise(ResponseFlag.NO_HEALTHY_UPSTREAM);
            close();
            return;
        }
        attempts++;
        endpoint = chosen;
        record.upstream(chosen.toString(), null);
        UpstreamTls tls = cluster.tls(chosen);
        ChannelFuture dial =
                cluster.dial(
                        record.connection().worker(),
                        chosen,
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.config().setAutoRead(false);
                                if (channel.config() instanceof SocketChannelConfig socket) {
                                    socket.setAllowHalfClosure(true);
                                }
                                if (tls != null && tls.ready()) {
                                    channel.pipeline().addLast(tls.handler(channel.alloc(), ""));
                                }
                                channel.pipeline().addLast(new Upstream());
                            }
                        });
        dial.addListener(
                done -> {
                    if (closed) {
                        dial.channel().close();
                    } else if (!done.isSuccess()) {
                        failed(cluster, String.valueOf(done.cause().getMessage()));
                    } else {
                        SslHandler ssl = dial.channel().pipeline().get(SslHandler.class);
                        if (ssl == null) {
                            open(cluster, dial.channel());
                        } else {
                            dial.channel().config().setAutoRead(true);
                            ssl.handshakeFuture()
                                    .addListener(
                                            handshake -> {
                                                if (handshake.isSuccess()) {
                                                    open(cluster, dial.channel());
                                                } else {
                                                    failed(
                                                            cluster,
                                                            UpstreamTls.failureReason(
                                                                    handshake.cause()));
                                                }
                                            });
                        }
                    }
                });
    }

    private void failed(UpstreamCluster cluster, String reason) {
        if (closed) {
            return;
        }
        if (endpoint != null) {
            cluster.onLocalFailure(endpoint);
        }
        record.transportFailure(reason);
        if (attempts < config.connectAttempts()) {
            connect(cluster);
        } else {
            record.raise(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
            close();
        }
    }

    private void open(UpstreamCluster cluster, Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        upstream = channel;
        connected = true;
        if (endpoint != null && channel.localAddress() instanceof InetSocketAddress real) {
            record.upstream(endpoint.toString(), cluster.localName(real));
        }
        ByteBuf held = early;
        if (held != null) {
            early = null;
            channel.writeAndFlush(held);
        }
        if (clientEnded) {
            shutdownOutput(channel);
        }
        client().channel().config().setAutoRead(true);
        channel.config().setAutoRead(true);
    }

    private void armIdle(long millis) {
        if (config.idleMillis() > 0) {
            idle =
                    client().channel()
                            .eventLoop()
                            .schedule(this::checkIdle, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void checkIdle() {
        long quiet = (environment.ticker().getAsLong() - lastActive) / 1_000_000;
        if (quiet >= config.idleMillis()) {
            close();
        } else {
            armIdle(config.idleMillis() - quiet);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf data = (ByteBuf) msg;
        record.received(data.readableBytes());
        lastActive = environment.ticker().getAsLong();
        Channel to = upstream;
        if (to != null) {
            to.write(data, to.voidPromise());
            if (!to.isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        } else if (closed) {
            data.release();
        } else {
            early = early == null ? data : Unpooled.wrappedBuffer(early, data);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (upstream != null) {
            upstream.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (upstream != null && ctx.channel().isWritable()) {
            upstream.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            clientEnded = true;
            if (upstream != null) {
                shutdownOutput(upstream);
                closeWhenBothEnded();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close();
    }

    private static void shutdownOutput(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        done -> {
                            if (channel instanceof SocketChannel socket) {
                                socket.shutdownOutput();
                            }
                        });
    }

    private void closeWhenBothEnded() {
        if (clientEnded && upstreamEnded) {
            close();
        }
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (idle != null) {
            idle.cancel(false);
        }
        if (early != null) {
            early.release();
            early = null;
        }
        Channel to = upstream;
        if (to != null) {
            to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
        client().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        record.end();
        publish();
    }

    private void publish() {
        FormatContext context = new FormatContext(null, null, null, record);
        for (AccessLog log : config.accessLogs()) {
            String line = log.line(context);
            if (line != null) {
                environment.accessLog().accept(log.path(), line);
            }
        }
        if (environment.ended() != null) {
            environment.ended().accept(context);
        }
        if (environment.traffic() != null) {
            var connection = record.connection();
            environment
                    .traffic()
                    .accept(
                            new TrafficEvent(
                                    environment.ids().incrementAndGet(),
                                    record.startTime(),
                                    record.duration(),
                                    new TrafficEvent.Connection(
                                            connection.id(),
                                            connection.listener(),
                                            connection.filterChain(),
                                            Endpoint.text(connection.remote()),
                                            Endpoint.text(connection.local()),
                                            connection.serverName(),
                                            connection.tls() == null
                                                    ? null
                                                    : connection.tls().version()),
                                    null,
                                    null,
                                    endpoint == null
                                            ? List.of()
                                            : List.of(
                                                    new TrafficEvent.Attempt(
                                                            endpoint.toString(),
                                                            Duration.ZERO,
                                                            record.duration(),
                                                            0,
                                                            connected
                                                                    ? null
                                                                    : record
                                                                            .upstreamTransportFailureReason())),
                                    new TrafficEvent.Response(
                                            0,
                                            record.responseCodeDetails(),
                                            record.responseFlags(),
                                            List.of(),
                                            record.bytesSent())));
        }
    }

    @Override
    public long hash() {
        return config.hashSourceIp()
                ? XxHash64.hash(record.downstreamRemoteAddress().getAddress().getHostAddress())
                : environment.random().nextLong();
    }

    @Override
    public boolean avoid(Endpoint candidate) {
        return false;
    }

    @Override
    public int attempts() {
        return 1;
    }

    private final class Upstream extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf data = (ByteBuf) msg;
            if (closed) {
                data.release();
                return;
            }
            record.sent(data.readableBytes());
            lastActive = environment.ticker().getAsLong();
            client().write(data, client().voidPromise());
            if (!client().channel().isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            client().flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                client().channel().config().setAutoRead(true);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !closed) {
                upstreamEnded = true;
                shutdownOutput(client().channel());
                closeWhenBothEnded();
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (connected) {
                close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
