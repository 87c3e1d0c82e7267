package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.codec.ClientConnection;
import dev.meshdojo.gateway.codec.HeadLimits;
import dev.meshdojo.gateway.codec.Http1Client;
import dev.meshdojo.gateway.codec.Http2Client;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.tls.HandshakeFailures;
import dev.meshdojo.gateway.tls.UpstreamTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens connections: TCP, then TLS where the cluster wants it, then the codec; one deadline. */
final class UpstreamConnector {

    /** What became of an attempt; told once, on the worker's loop. */
    interface Result {
        void onConnected(ClientConnection connection);

        void onConnectFailed(UpstreamReset reason, @Nullable String transportFailure);
    }

    private UpstreamConnector() {}

    static void connect(
            Worker worker,
            Endpoint endpoint,
            ConnectionPool.Transport transport,
            ClientConnection.Owner owner,
            Result result) {
        ClusterConfig cluster = transport.cluster();
        TransportSettings settings = cluster.transport(endpoint);
        Attempt attempt = new Attempt(worker, transport, settings, owner, result);
        InetSocketAddress target = cluster.environment().connectAddress().apply(endpoint.address());
        ChannelFuture connect = dial(worker, cluster, target, attempt.initializer());
        attempt.watch(connect);
    }

    /** Opens a plain channel with {@code handlers}. */
    static ChannelFuture dial(
            Worker worker,
            ClusterConfig cluster,
            InetSocketAddress target,
            ChannelHandler handlers) {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(worker.loop())
                        .channel(cluster.environment().loops().channel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) Math.min(Integer.MAX_VALUE, cluster.connectTimeoutMillis()))
                        .handler(handlers);
        InetSocketAddress source = cluster.environment().sourceAddress().get();
        return source == null ? bootstrap.connect(target) : bootstrap.connect(target, source);
    }

    /** What Envoy's log says of a TCP connection that could not be opened. */
    static String failureText(@Nullable Throwable cause) {
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        String words =
                cause instanceof NoRouteToHostException || message.contains("No route to host")
                        ? "No route to host"
                        : message.contains("unreachable")
                                ? "Network is unreachable"
                                : cause instanceof ConnectException || message.contains("refused")
                                        ? "Connection refused"
                                        : message.contains("reset")
                                                ? "Connection reset by peer"
                                                : message;
        return "delayed connect error: " + words;
    }

    private static final class Attempt {
        private final Worker worker;
        private final ConnectionPool.Transport transport;
        private final @Nullable UpstreamTls tls;
        private final ProxyHeader.@Nullable Version proxyHeader;
        private final ClientConnection.Owner owner;
        private final Result result;
        private @Nullable ScheduledFuture<?> deadline;
        private boolean done;

        Attempt(
                Worker worker,
                ConnectionPool.Transport transport,
                TransportSettings settings,
                ClientConnection.Owner owner,
                Result result) {
            this.worker = worker;
            this.transport = transport;
            this.tls = settings.tls();
            this.proxyHeader = settings.proxyHeader();
            this.owner = owner;
            this.result = result;
        }

        ChannelInitializer<Channel> initializer() {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    if (proxyHeader != null) {
                        channel.pipeline()
                                .addLast(new ProxyHeader(proxyHeader, transport.client()));
                    }
                    if (tls != null && tls.ready()) {
                        SslHandler ssl = tls.handler(channel.alloc(), transport.host());
                        ssl.setHandshakeTimeoutMillis(0);
                        channel.pipeline().addLast(ssl, HandshakeFailures.INSTANCE);
                    }
                }
            };
        }

        void watch(ChannelFuture connect) {
            Channel channel = connect.channel();
            deadline =
                    worker.loop()
                            .schedule(
                                    () -> {
                                        fail(UpstreamReset.CONNECT_TIMEOUT, null);
                                        channel.close();
                                    },
                                    transport.cluster().connectTimeoutMillis(),
                                    TimeUnit.MILLISECONDS);
            connect.addListener(
                    tcp -> {
                        if (!tcp.isSuccess()) {
                            boolean timeout =
                                    tcp.cause() instanceof io.netty.channel.ConnectTimeoutException;
                            fail(
                                    timeout
                                            ? UpstreamReset.CONNECT_TIMEOUT
                                            : UpstreamReset.CONNECT_FAILURE,
                                    timeout ? null : failureText(tcp.cause()));
                            return;
                        }
                        SslHandler ssl = channel.pipeline().get(SslHandler.class);
                        if (ssl == null) {
                            if (tls != null) {
                                fail(
                                        UpstreamReset.CONNECT_FAILURE,
                                        "TLS_error:Secret_is_not_supplied_by_SDS");
                                channel.close();
                                return;
                            }
                            ready(channel);
                        } else {
                            ssl.handshakeFuture()
                                    .addListener(
                                            handshake -> {
                                                if (handshake.isSuccess()) {
                                                    ready(channel);
                                                } else {
                                                    fail(
                                                            UpstreamReset.CONNECT_FAILURE,
                                                            UpstreamTls.failureReason(
                                                                    handshake.cause()));
                                                    channel.close();
                                                }
                                            });
                        }
                    });
        }

        private void ready(Channel channel) {
            if (done) {
                return;
            }
            done = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (transport.http2()) {
                Http2Client client =
                        Http2Client.create(
                                worker,
                                HeadLimits.DEFAULT,
                                transport.cluster().maxConcurrentStreams(),
                                owner);
                channel.pipeline().addLast(client);
                result.onConnected(client);
            } else {
                Http1Client client = new Http1Client(worker, HeadLimits.DEFAULT, owner);
                channel.pipeline().addLast(client);
                result.onConnected(client);
            }
        }

        private void fail(UpstreamReset reason, @Nullable String transportFailure) {
            if (!done) {
                done = true;
                if (deadline != null) {
                    deadline.cancel(false);
                }
                result.onConnectFailed(reason, transportFailure);
            }
        }
    }
}
