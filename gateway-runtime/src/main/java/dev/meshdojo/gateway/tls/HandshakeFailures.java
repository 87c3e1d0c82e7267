package dev.meshdojo.gateway.tls;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;

/**
 * Ends the way of an exception that a failed handshake throws down the pipeline, since whoever
 * waits for the handshake learns of it there. Stands behind the TLS handler.
 */
@Sharable
public final class HandshakeFailures extends ChannelInboundHandlerAdapter {

    /** The only one needed. */
    public static final HandshakeFailures INSTANCE = new HandshakeFailures();

    private HandshakeFailures() {}

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        SslHandler ssl = ctx.pipeline().get(SslHandler.class);
        if (ssl == null || ssl.handshakeFuture().isSuccess()) {
            ctx.fireExceptionCaught(cause);
        } else {
            ctx.close();
        }
    }
}
