package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.codec.Http1Server;
import dev.meshdojo.gateway.codec.Http2Server;
import dev.meshdojo.gateway.http.ConnectionInfo;
import dev.meshdojo.gateway.http.HttpConfig;
import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.http.HttpSide;
import dev.meshdojo.gateway.http.StreamRecord;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.TlsInfo;
import dev.meshdojo.gateway.tcp.TcpProxy;
import dev.meshdojo.gateway.tls.ClientHello;
import dev.meshdojo.gateway.tls.DownstreamTls;
import dev.meshdojo.gateway.tls.UpstreamTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of an accepted connection and the one place that knows the order of the
 * pipeline: PROXY header, ClientHello, filter chain, TLS, network filters, protocol, codec. It
 * removes itself when the codec is in place.
 */
final class ConnectionSetup extends ChannelInboundHandlerAdapter {

    private static final byte[] HTTP2_PREFACE =
            "PRI * HTTP/2".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private enum Phase {
        PROXY_HEADER,
        INSPECT,
        HANDSHAKE,
        SNIFF,
        DONE
    }

    private final ListenerConfig config;
    private final HttpEnvironment environment;
    private final Connections connections;
    private final Worker worker;
    private final InetSocketAddress direct;
    private final ConnectionLog log;
    private Phase phase;
    private InetSocketAddress remote;
    private InetSocketAddress destination;
    private List<ProxyHeader.Value> values = List.of();
    private @Nullable ByteBuf held;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable FilterChain chain;
    private @Nullable ClientHello hello;
    private @Nullable TlsInfo tls;
    private @Nullable String handshakeFailure;
    private @Nullable String inspectorFinding;

    ConnectionSetup(
            ListenerConfig config,
            HttpEnvironment environment,
            Connections connections,
            Worker worker,
            InetSocketAddress direct,
            InetSocketAddress local) {
        this.config = config;
        this.environment = environment;
        this.connections = connections;
        this.worker = worker;
        this.direct = direct;
        this.log = new ConnectionLog(config, environment);
        this.remote = direct;
        this.destination = local;
        this.phase =
                config.proxyProtocol() != null
                        ? Phase.PROXY_HEADER
                        : config.inspect() ? Phase.INSPECT : Phase.DONE;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connections.opened(ctx.channel());
        if (!config.accessLogs().isEmpty()) {
            // After whoever serves the connection has told of its end.
            ctx.channel().closeFuture().addListener(closed -> worker.loop().execute(this::ended));
        }
        if (phase == Phase.DONE) {
            choose(ctx, false);
        } else if (config.inspectMillis() > 0) {
            deadline =
                    worker.loop()
                            .schedule(
                                    () -> onDeadline(ctx),
                                    config.inspectMillis(),
                                    TimeUnit.MILLISECONDS);
        }
        ctx.read();
    }

    private void onDeadline(ChannelHandlerContext ctx) {
        if (config.continueOnTimeout() && phase == Phase.INSPECT) {
            choose(ctx, false);
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf data = (ByteBuf) msg;
        ByteBuf before = held;
        if (before == null) {
            held = data;
        } else {
            held = ctx.alloc().buffer(before.readableBytes() + data.readableBytes());
            held.writeBytes(before).writeBytes(data);
            before.release();
            data.release();
        }
        advance(ctx);
    }

    private void advance(ChannelHandlerContext ctx) {
        ByteBuf bytes = held;
        if (bytes == null) {
            return;
        }
        if (phase == Phase.PROXY_HEADER && !proxyHeader(ctx, bytes)) {
            return;
        }
        if (phase == Phase.INSPECT && bytes.isReadable()) {
            switch (ClientHello.inspect(bytes)) {
                case ClientHello.Incomplete more -> {
                    return;
                }
                case ClientHello.Plaintext plain -> {
                    byte[] header = new byte[5];
                    if (bytes.readableBytes() >= header.length) {
                        bytes.getBytes(bytes.readerIndex(), header);
                        FirstRecord.Fault fault = FirstRecord.fault(header);
                        inspectorFinding = fault == null ? null : fault.inspectorReason();
                    }
                    choose(ctx, false);
                }
                case ClientHello.Refused refused -> {
                    phase = Phase.DONE;
                    inspectorFinding = refused.reason();
                    ctx.close();
                }
                case ClientHello.Tls found -> {
                    hello = found.hello();
                    choose(ctx, true);
                }
            }
            return;
        }
        if (phase == Phase.SNIFF) {
            sniff(ctx, bytes);
        }
    }

    private boolean proxyHeader(ChannelHandlerContext ctx, ByteBuf bytes) {
        ProxyRules rules = java.util.Objects.requireNonNull(config.proxyProtocol());
        ProxyHeader.Result result = ProxyHeader.read(bytes);
        switch (result) {
            case ProxyHeader.Incomplete more -> {
                return false;
            }
            case ProxyHeader.Absent absent -> {
                if (!rules.optional()) {
                    ctx.close();
                    return false;
                }
            }
            case ProxyHeader.Invalid invalid -> {
                ctx.close();
                return false;
            }
            case ProxyHeader.Addresses addresses -> {
                if (!rules.welcomes(addresses.version())) {
                    ctx.close();
                    return false;
                }
                values = addresses.values();
                if (addresses.source() != null) {
                    remote = addresses.source();
                }
                if (addresses.destination() != null) {
                    destination = addresses.destination();
                }
            }
        }
        if (config.inspect()) {
            phase = Phase.INSPECT;
        } else {
            choose(ctx, false);
            return false;
        }
        return true;
    }

    private void choose(ChannelHandlerContext ctx, boolean overTls) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        String serverName = hello == null ? null : hello.serverName();
        FilterChain chosen =
                config.choose(
                        new ChainMatch.Facts(
                                destination,
                                direct,
                                remote,
                                serverName,
                                hello == null ? List.of() : hello.protocols(),
                                overTls));
        chain = chosen;
        if (chosen == null) {
            phase = Phase.DONE;
            log.noChain(info(""), inspectorFinding);
            ctx.close();
            return;
        }
        connections.chosen(ctx.channel(), chosen);
        Duration refusal = chosen.rbac().refuse(ctx.channel());
        if (refusal != null) {
            refuse(ctx, chosen, refusal);
            return;
        }
        DownstreamTls secured = chosen.tls();
        if (secured == null) {
            established(ctx);
            return;
        }
        SslHandler ssl = secured.handler(ctx.alloc(), hello);
        if (ssl == null) {
            phase = Phase.DONE;
            ctx.close();
            return;
        }
        phase = Phase.HANDSHAKE;
        ssl.setHandshakeTimeoutMillis(chosen.handshakeMillis());
        LingeringClose gentle = new LingeringClose();
        RecordGuard guard = new RecordGuard(reason -> handshakeFailure = reason);
        ctx.pipeline()
                .addBefore(ctx.name(), null, gentle)
                .addBefore(ctx.name(), null, guard)
                .addBefore(ctx.name(), "tls", ssl);
        ssl.handshakeFuture()
                .addListener(
                        done -> {
                            if (done.isSuccess()) {
                                ctx.pipeline().remove(gentle);
                                tls = Sessions.describe(ssl, secured.verifiesPeer());
                                if (tls.version().equals("TLSv1.3")) {
                                    ctx.pipeline().remove(guard);
                                } else {
                                    guard.arm();
                                }
                                established(ctx);
                            } else {
                                if (handshakeFailure == null) {
                                    handshakeFailure = failure(done.cause());
                                }
                                worker.loop().execute(ctx::close); // after the alert
                            }
                        });
        ByteBuf bytes = held;
        held = null;
        if (bytes != null) {
            ChannelHandlerContext before = ctx.pipeline().context(guard);
            guard.channelRead(before, bytes);
            guard.channelReadComplete(before);
        }
    }

    /** Closes what a network filter does not want, and tells the TCP proxy's logs. */
    private void refuse(ChannelHandlerContext ctx, FilterChain chosen, Duration delay) {
        phase = Phase.DONE;
        if (chosen.terminal() instanceof FilterChain.Tcp tcp) {
            log.refused(ctx.channel(), tcp, log.record(info(chosen.name()), values));
        }
        if (delay.isPositive()) {
            ctx.channel().config().setAutoRead(false);
            worker.loop().schedule(() -> ctx.close(), delay.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            ctx.close();
        }
    }

    private static @Nullable String failure(Throwable cause) {
        return cause instanceof SslHandshakeTimeoutException
                ? null
                : UpstreamTls.failureReason(cause);
    }

    private void ended() {
        FilterChain chosen = chain;
        log.ended(
                info(chosen == null ? "" : chosen.name()),
                handshakeFailure == null ? inspectorFinding : handshakeFailure);
    }

    private ConnectionInfo info(String chainName) {
        String serverName = hello == null ? null : hello.serverName();
        return new ConnectionInfo(
                environment.ids().incrementAndGet(),
                worker,
                config.name(),
                chainName,
                direct,
                remote,
                destination,
                serverName,
                tls,
                config.proto().getTrafficDirection()
                        == io.envoyproxy.envoy.config.core.v3.TrafficDirection.OUTBOUND);
    }

    private void established(ChannelHandlerContext ctx) {
        FilterChain chosen = java.util.Objects.requireNonNull(chain);
        switch (chosen.terminal()) {
            case FilterChain.Tcp tcp -> {
                StreamRecord record = log.record(info(chosen.name()), values);
                TcpProxy proxy =
                        new TcpProxy(
                                tcp.config(),
                                environment,
                                record,
                                () -> chosen.rbac().admit(record));
                finish(ctx, proxy);
            }
            case FilterChain.Http http -> protocol(ctx, http.config());
        }
    }

    private void protocol(ChannelHandlerContext ctx, HttpConfig http) {
        long began = environment.ticker().getAsLong();
        http.stats().connectionOpened();
        ctx.channel()
                .closeFuture()
                .addListener(
                        closed ->
                                http.stats()
                                        .connectionClosed(
                                                (environment.ticker().getAsLong() - began)
                                                        / 1_000_000));
        String agreed = tls == null ? null : tls.alpn();
        boolean known =
                http.codec() != HttpConfig.Codec.AUTO || (agreed != null && !agreed.isEmpty());
        if (known) {
            http(
                    ctx,
                    http,
                    http.codec() == HttpConfig.Codec.HTTP2
                            || (http.codec() == HttpConfig.Codec.AUTO && "h2".equals(agreed)));
        } else {
            phase = Phase.SNIFF;
            advance(ctx);
        }
    }

    private void sniff(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (!(chain != null && chain.terminal() instanceof FilterChain.Http http)) {
            return;
        }
        int compared = Math.min(bytes.readableBytes(), HTTP2_PREFACE.length);
        for (int i = 0; i < compared; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != HTTP2_PREFACE[i]) {
                http(ctx, http.config(), false);
                return;
            }
        }
        if (compared == HTTP2_PREFACE.length) {
            http(ctx, http.config(), true);
        }
    }

    private void http(ChannelHandlerContext ctx, HttpConfig http, boolean http2) {
        FilterChain chosen = java.util.Objects.requireNonNull(chain);
        ConnectionInfo info = info(chosen.name());
        HttpSide side = new HttpSide(http, environment, info, () -> {});
        if (http2) {
            Http2Server server =
                    Http2Server.create(worker, side, http.serverOptions(info.secure()));
            side.serve(server);
            connections.serving(ctx.channel(), server::retire, server::drain);
            finish(ctx, server);
        } else {
            Http1Server server = new Http1Server(worker, side, http.serverOptions(info.secure()));
            side.serve(server);
            connections.serving(ctx.channel(), server::retire, server::drain);
            finish(ctx, server);
        }
    }

    /** Puts the last handler in place, passes on what was read, and leaves. */
    private void finish(ChannelHandlerContext ctx, io.netty.channel.ChannelHandler handler) {
        phase = Phase.DONE;
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addLast(handler);
        ByteBuf bytes = held;
        held = null;
        if (bytes != null) {
            if (bytes.isReadable()) {
                ctx.fireChannelRead(bytes);
                ctx.fireChannelReadComplete();
            } else {
                bytes.release();
            }
        }
        pipeline.remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (phase == Phase.SNIFF
                && held != null
                && chain != null
                && chain.terminal() instanceof FilterChain.Http http) {
            http(ctx, http.config(), false); // which logs the request that had begun
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
