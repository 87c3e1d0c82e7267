package dev.meshdojo.simulator.apps.http;

import dev.meshdojo.gateway.listener.SocketAddressing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;

/** Starts TLS on connections that begin with a handshake record and closes the others. */
final class TlsSniffer extends ByteToMessageDecoder {

    private static final int HANDSHAKE = 0x16;

    private final Supplier<SslContext> tls;
    private final HttpApp app;
    private final SocketAddressing addressing;
    private boolean asked;

    TlsSniffer(Supplier<SslContext> tls, HttpApp app, SocketAddressing addressing) {
        this.tls = tls;
        this.app = app;
        this.addressing = addressing;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (asked) {
            return;
        }
        if (in.getUnsignedByte(in.readerIndex()) != HANDSHAKE) {
            in.skipBytes(in.readableBytes());
            ctx.close();
            return;
        }
        asked = true;
        Thread.startVirtualThread(() -> askForCertificate(ctx));
    }

    /** Off the event loop, because the certificate may have to be fetched. */
    private void askForCertificate(ChannelHandlerContext ctx) {
        try {
            SslContext context = tls.get();
            ctx.executor().execute(() -> start(ctx, context));
        } catch (RuntimeException e) {
            ctx.close();
        }
    }

    private void start(ChannelHandlerContext ctx, SslContext context) {
        if (!ctx.isRemoved()) {
            ctx.pipeline().addLast(context.newHandler(ctx.alloc()));
            ctx.pipeline().addLast(new Negotiated());
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    /** Goes on with the protocol that ALPN chose. */
    private final class Negotiated extends ApplicationProtocolNegotiationHandler {
        Negotiated() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                Http2Streams.install(ctx.pipeline(), app, addressing, true);
            } else {
                PlainSniffer.installHttp1(ctx.pipeline(), app, addressing, true);
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
