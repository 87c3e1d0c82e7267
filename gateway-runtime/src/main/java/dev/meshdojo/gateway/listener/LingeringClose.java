package dev.meshdojo.gateway.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the close of a connection gentle: what was written is sent with an end, and what the peer
 * still sends is dropped until it ends too, or for a second. A plain close on unread bytes resets
 * the connection, and the peer loses a TLS alert that it has not read yet. Stands next to the
 * socket while the handshake goes on.
 */
final class LingeringClose extends ChannelDuplexHandler {

    private static final int LINGER_MILLIS = 1000;

    private boolean closing;
    private @Nullable ScheduledFuture<?> deadline;

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (closing) {
            ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
            return;
        }
        if (!(ctx.channel() instanceof SocketChannel socket) || !socket.isActive()) {
            ctx.close(promise);
            return;
        }
        closing = true;
        socket.config().setAutoRead(true);
        deadline =
                ctx.executor()
                        .schedule(() -> ctx.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> socket.shutdownOutput());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (closing) {
            ReferenceCountUtil.release(msg);
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        ctx.fireChannelInactive();
    }
}
