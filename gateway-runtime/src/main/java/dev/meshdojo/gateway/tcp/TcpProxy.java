package dev.meshdojo.gateway.tcp;

import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.http.StreamRecord;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Relays a client's connection to an endpoint and back, byte for byte. Each direction ends on its
 * own; a reader is stopped while the other end takes no more.
 */
public final class TcpProxy extends ChannelInboundHandlerAdapter implements UpstreamDial.Result {

    private final TcpConfig config;
    private final HttpEnvironment environment;
    private final StreamRecord record;
    private final BooleanSupplier admission;
    private @Nullable ChannelHandlerContext client;
    private @Nullable Channel upstream;
    private @Nullable UpstreamDial dial;
    private @Nullable ScheduledFuture<?> idle;
    private @Nullable ScheduledFuture<?> lifetime;
    private @Nullable ByteBuf early;
    private long lastActive;
    private boolean admitted;
    private boolean clientEnded;
    private boolean upstreamEnded;
    private boolean closed;

    /**
     * A relay for the connection that {@code record} is about.
     *
     * @param admission whether network filters let it through; asked when the first bytes come, as
     *     Envoy's do
     */
    public TcpProxy(
            TcpConfig config,
            HttpEnvironment environment,
            StreamRecord record,
            BooleanSupplier admission) {
        this.config = config;
        this.environment = environment;
        this.record = record;
        this.admission = admission;
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
        if (config.maxMillis() > 0) {
            lifetime =
                    ctx.channel()
                            .eventLoop()
                            .schedule(this::expire, config.maxMillis(), TimeUnit.MILLISECONDS);
        }
        String name = config.pick(environment.random().nextLong());
        UpstreamCluster cluster = environment.live().get().cluster(name);
        if (cluster == null) {
            record.raise(ResponseFlag.NO_CLUSTER_FOUND);
            close();
            return;
        }
        record.cluster(cluster);
        dial = new UpstreamDial(config, environment, record, cluster, this);
        dial.start(() -> new Upstream());
    }

    @Override
    public void onOpen(Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        upstream = channel;
        ByteBuf held = early;
        if (held != null) {
            early = null;
            record.received(held.readableBytes());
            channel.writeAndFlush(held);
        }
        if (clientEnded) {
            shutdownOutput(channel);
        }
        readClient();
        channel.config().setAutoRead(true);
    }

    /** Lets more come; asking for more after the end is an error. */
    private void readClient() {
        if (!clientEnded) {
            client().channel().config().setAutoRead(true);
        }
    }

    @Override
    public void onFailed() {
        close();
    }

    private void armIdle(long millis) {
        if (config.idleMillis() > 0) {
            idle =
                    client().channel()
                            .eventLoop()
                            .schedule(this::checkIdle, millis, TimeUnit.MILLISECONDS);
        }
    }

    private void expire() {
        record.raise(ResponseFlag.DURATION_TIMEOUT);
        close();
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
        lastActive = environment.ticker().getAsLong();
        if (!admitted && !closed) {
            admitted = admission.getAsBoolean();
            if (!admitted) {
                record.received(data.readableBytes());
                data.release();
                close();
                return;
            }
        }
        Channel to = upstream;
        if (to != null) {
            record.received(data.readableBytes());
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
        if (upstream != null && ctx.channel().isWritable() && !upstreamEnded) {
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
        if (dial != null) {
            dial.cancel();
        }
        if (idle != null) {
            idle.cancel(false);
        }
        if (lifetime != null) {
            lifetime.cancel(false);
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
        environment.report(config.accessLogs(), new FormatContext(null, null, null, record));
        var sink = environment.traffic();
        if (sink != null) {
            sink.accept(
                    new TrafficEvent(
                            environment.ids().incrementAndGet(),
                            record.startTime(),
                            record.duration(),
                            record.connection().described(),
                            null,
                            null,
                            attempts(),
                            new TrafficEvent.Response(
                                    0,
                                    record.responseCodeDetails(),
                                    record.responseFlags(),
                                    List.of(),
                                    record.bytesSent())));
        }
    }

    private List<TrafficEvent.Attempt> attempts() {
        Endpoint endpoint = dial == null ? null : dial.endpoint();
        return endpoint == null
                ? List.of()
                : List.of(
                        new TrafficEvent.Attempt(
                                endpoint.toString(),
                                Duration.ZERO,
                                record.duration(),
                                0,
                                upstream != null ? null : record.upstreamTransportFailureReason()));
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
                readClient();
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
        @SuppressWarnings("ReferenceEquality") // which channel, not which address
        public void channelInactive(ChannelHandlerContext ctx) {
            if (upstream == ctx.channel()) {
                close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
