package dev.meshdojo.gateway.tcp;

import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.http.StreamRecord;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.tls.HandshakeFailures;
import dev.meshdojo.gateway.tls.UpstreamTls;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import dev.meshdojo.gateway.upstream.XxHash64;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens one connection to a cluster: TCP, then TLS where the cluster wants it, within its connect
 * timeout; a failure is tried again as often as the proxy allows. Used on one event loop.
 */
final class UpstreamDial implements UpstreamCluster.Choice {

    private static final String NO_SECRET = "TLS_error:Secret_is_not_supplied_by_SDS";

    /** What became of it; told once. */
    interface Result {
        void onOpen(Channel channel);

        void onFailed();
    }

    private final TcpConfig config;
    private final HttpEnvironment environment;
    private final StreamRecord record;
    private final UpstreamCluster cluster;
    private final Result result;
    private Supplier<ChannelHandler> handlers = () -> HandshakeFailures.INSTANCE;
    private @Nullable Endpoint endpoint;
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> deadline;
    private int tries;
    private boolean done;

    UpstreamDial(
            TcpConfig config,
            HttpEnvironment environment,
            StreamRecord record,
            UpstreamCluster cluster,
            Result result) {
        this.config = config;
        this.environment = environment;
        this.record = record;
        this.cluster = cluster;
        this.result = result;
    }

    /** The endpoint tried last. */
    @Nullable Endpoint endpoint() {
        return endpoint;
    }

    /** Begins; {@code last} makes the handler behind TLS. */
    void start(Supplier<ChannelHandler> last) {
        handlers = last;
        attempt();
    }

    /** Gives up; the result is not told any more. */
    void cancel() {
        if (!done) {
            done = true;
            stopTimer();
            if (channel != null) {
                channel.close();
            }
        }
    }

    private void attempt() {
        Endpoint chosen = cluster.choose(record.connection().worker(), this);
        if (chosen == null) {
            record.raise(ResponseFlag.NO_HEALTHY_UPSTREAM);
            end();
            return;
        }
        tries++;
        endpoint = chosen;
        record.upstream(chosen.toString(), null);
        UpstreamTls tls = cluster.tls(chosen);
        ChannelFuture dialled =
                cluster.dial(record.connection().worker(), chosen, initializer(chosen, tls));
        Channel opened = dialled.channel();
        channel = opened;
        deadline =
                opened.eventLoop()
                        .schedule(
                                () -> failed(opened, "connection timeout"),
                                cluster.connectTimeoutMillis(),
                                TimeUnit.MILLISECONDS);
        dialled.addListener(
                tcp -> {
                    if (!tcp.isSuccess()) {
                        failed(opened, UpstreamCluster.dialFailure(tcp.cause()));
                    } else if (tls == null) {
                        open(opened);
                    } else if (!tls.ready()) {
                        failed(opened, NO_SECRET);
                    } else {
                        handshake(opened);
                    }
                });
    }

    private ChannelInitializer<Channel> initializer(Endpoint chosen, @Nullable UpstreamTls tls) {
        ChannelHandler header = cluster.proxyHeader(chosen, record);
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel made) {
                made.config().setAutoRead(false);
                if (made.config() instanceof SocketChannelConfig socket) {
                    socket.setAllowHalfClosure(true);
                }
                if (header != null) {
                    made.pipeline().addLast(header);
                }
                if (tls != null && tls.ready()) {
                    made.pipeline()
                            .addLast(tls.handler(made.alloc(), ""), HandshakeFailures.INSTANCE);
                }
                made.pipeline().addLast(handlers.get());
            }
        };
    }

    private void handshake(Channel opened) {
        opened.config().setAutoRead(true);
        opened.pipeline()
                .get(SslHandler.class)
                .handshakeFuture()
                .addListener(
                        handshake -> {
                            if (handshake.isSuccess()) {
                                opened.config().setAutoRead(false);
                                open(opened);
                            } else {
                                failed(opened, UpstreamTls.failureReason(handshake.cause()));
                            }
                        });
    }

    @SuppressWarnings("ReferenceEquality") // an attempt that was given up may still connect
    private void open(Channel opened) {
        if (done || channel != opened) {
            opened.close();
            return;
        }
        done = true;
        stopTimer();
        Endpoint chosen = endpoint;
        if (chosen != null && opened.localAddress() instanceof InetSocketAddress real) {
            record.upstream(chosen.toString(), cluster.localName(real));
        }
        result.onOpen(opened);
    }

    @SuppressWarnings("ReferenceEquality") // an attempt that was given up may still fail
    private void failed(Channel tried, String reason) {
        if (done || channel != tried) {
            return;
        }
        stopTimer();
        channel = null;
        tried.close();
        Endpoint chosen = endpoint;
        if (chosen != null) {
            cluster.onLocalFailure(chosen);
        }
        record.transportFailure(reason);
        record.raise(ResponseFlag.UPSTREAM_CONNECTION_FAILURE);
        if (tries < config.connectAttempts()) {
            attempt();
        } else {
            record.raise(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED);
            end();
        }
    }

    private void end() {
        done = true;
        result.onFailed();
    }

    private void stopTimer() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
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
}
