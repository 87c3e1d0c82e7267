package dev.meshdojo.simulator.apiserver.rest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Listens on loopback: TLS, ALPN, HTTP/1.1 and HTTP/2. */
public final class HttpsServer implements AutoCloseable {

    private static final int MAX_BODY = 16 * 1024 * 1024;
    private static final int MAX_STREAMS = 1000;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final Channel listener;
    private final ChannelGroup connections =
            new DefaultChannelGroup("apiserver", GlobalEventExecutor.INSTANCE, true);

    /**
     * Binds and starts.
     *
     * @param tls from {@link #tls}
     * @param port on 127.0.0.1; 0 for any free one
     * @throws UncheckedIOException when the port is taken
     */
    public HttpsServer(SslContext tls, int port, Dispatcher dispatcher) {
        EventLoopGroup loops = EventLoops.acquire();
        try {
            ChannelFuture bound =
                    new ServerBootstrap()
                            .group(loops)
                            .channel(NioServerSocketChannel.class)
                            .childHandler(
                                    new ChannelInitializer<>() {
                                        @Override
                                        protected void initChannel(Channel channel) {
                                            connections.add(channel);
                                            channel.pipeline()
                                                    .addLast(new PlainHttpRefusal())
                                                    .addLast(tls.newHandler(channel.alloc()))
                                                    .addLast(new Negotiation(dispatcher));
                                        }
                                    })
                            .bind(new InetSocketAddress(LOOPBACK, port))
                            .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new UncheckedIOException(
                        "the API server cannot listen on 127.0.0.1:"
                                + port
                                + "; end what listens there or choose another port",
                        bound.cause() instanceof IOException e
                                ? e
                                : new IOException(bound.cause()));
            }
            this.listener = bound.channel();
        } catch (RuntimeException e) {
            EventLoops.release();
            throw e;
        }
    }

    /** The bound port. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        connections.close().awaitUninterruptibly(2000);
        EventLoops.release();
    }

    /** What the server shows and asks for; takes a while to make. */
    public static SslContext tls(Certificates certificates, String serviceIp) {
        Certificates.Identity server = certificates.server(serviceIp);
        try {
            return SslContextBuilder.forServer(server.key(), server.certificate())
                    .trustManager(certificates.authority())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .applicationProtocolConfig(
                            new ApplicationProtocolConfig(
                                    ApplicationProtocolConfig.Protocol.ALPN,
                                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                    ApplicationProtocolConfig.SelectedListenerFailureBehavior
                                            .ACCEPT,
                                    ApplicationProtocolNames.HTTP_2,
                                    ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up for the API server", e);
        }
    }

    /** The certificate that the client of a connection showed, or null. */
    static @Nullable X509Certificate clientCertificate(Channel channel) {
        Channel connection = channel.parent() == null ? channel : channel.parent();
        SslHandler tls = connection.pipeline().get(SslHandler.class);
        if (tls == null) {
            tls = channel.pipeline().get(SslHandler.class);
        }
        if (tls == null) {
            return null;
        }
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate first ? first : null;
        } catch (SSLPeerUnverifiedException _) {
            return null;
        }
    }

    private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
        private final Dispatcher dispatcher;

        Negotiation(Dispatcher dispatcher) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.dispatcher = dispatcher;
        }

        @Override
        protected void configurePipeline(
                io.netty.channel.ChannelHandlerContext context, String protocol) {
            ChannelPipeline pipeline = context.pipeline();
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                pipeline.addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(
                                        Http2Settings.defaultSettings()
                                                .maxConcurrentStreams(MAX_STREAMS))
                                .build());
                pipeline.addLast(
                        new Http2MultiplexHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline()
                                                .addLast(
                                                        new Http2StreamFrameToHttpObjectCodec(true))
                                                .addLast(new HttpObjectAggregator(MAX_BODY))
                                                .addLast(new RequestHandler(dispatcher, false));
                                    }
                                }));
                pipeline.addLast(new Hangup());
                return;
            }
            pipeline.addLast(new HttpServerCodec());
            pipeline.addLast(new HttpObjectAggregator(MAX_BODY));
            pipeline.addLast(new RequestHandler(dispatcher, true));
        }
    }

    /** A client that breaks off needs no words. */
    private static final class Hangup extends io.netty.channel.ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(
                io.netty.channel.ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
