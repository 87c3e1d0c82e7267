package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.codec.DownstreamReset;
import dev.meshdojo.gateway.codec.Http1Server;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.RequestSink;
import dev.meshdojo.gateway.codec.ServerOptions;
import dev.meshdojo.gateway.codec.ServerSide;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The readiness port (15021): {@code /healthz/ready} answers 200, anything else 404. A gateway is
 * ready as soon as it runs; routes play no role.
 */
public final class HealthListener implements AutoCloseable {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final SocketAddressing addressing;
    private final InetSocketAddress configured;
    private final Channel server;
    private final ChannelGroup clients;

    private HealthListener(
            SocketAddressing addressing,
            InetSocketAddress configured,
            Channel server,
            ChannelGroup clients) {
        this.addressing = addressing;
        this.configured = configured;
        this.server = server;
        this.clients = clients;
    }

    /**
     * Opens the port.
     *
     * @throws InvalidConfigException when it cannot be bound
     */
    public static HealthListener start(
            EventLoops loops,
            SocketAddressing addressing,
            InstantSource clock,
            InetSocketAddress configured) {
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
                                                                new Side(clock),
                                                                ServerOptions.DEFAULT));
                                    }
                                })
                        .bind(addressing.bindAddress(configured))
                        .awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new InvalidConfigException(
                    "cannot bind health port "
                            + configured
                            + ": "
                            + bind.cause().getMessage()
                            + "; stop what holds it or give another port");
        }
        addressing.bound(configured, (InetSocketAddress) bind.channel().localAddress());
        return new HealthListener(addressing, configured, bind.channel(), clients);
    }

    /** The real address. */
    public InetSocketAddress bound() {
        return (InetSocketAddress) server.localAddress();
    }

    @Override
    public void close() {
        addressing.unbound(configured);
        server.close().awaitUninterruptibly();
        clients.close().awaitUninterruptibly();
    }

    private record Side(InstantSource clock) implements ServerSide {

        @Override
        public RequestSink onRequest(ServerStream stream, RequestHead head, boolean end) {
            boolean ready = head.pathWithoutQuery().equals("/healthz/ready");
            answer(stream, ready ? 200 : 404, ready);
            return new Drop();
        }

        private void answer(ServerStream stream, int status, boolean proxied) {
            HeaderMap headers = new HeaderMap(6);
            headers.add("date", DATE.format(clock.instant()));
            headers.add("server", "envoy");
            if (proxied) {
                headers.add("x-envoy-upstream-service-time", "0");
            }
            stream.sendHead(new ResponseHead(status, headers), true);
        }

        @Override
        public void onRefused(ServerStream stream, @Nullable RequestHead head, Refusal refusal) {
            stream.closeAfterResponse();
            answer(stream, refusal.status(), false);
        }

        @Override
        public void onAborted(
                String protocol, @Nullable RequestHead head, DownstreamReset reason) {}

        @Override
        public void onClosed() {}
    }

    private static final class Drop implements RequestSink {
        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onTrailers(HeaderMap trailers) {}

        @Override
        public void onReset(DownstreamReset reason) {}

        @Override
        public void onWritable() {}

        @Override
        public void onBroken(Refusal refusal) {}
    }
}
