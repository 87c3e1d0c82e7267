package dev.meshdojo.simulator.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries one client's bytes to a backend and back: half-closes are passed on, and neither side is
 * read faster than the other takes it. A backend that refuses resets the client.
 */
final class EdgeProxy extends ChannelDuplexHandler {

    private final Supplier<@Nullable InetSocketAddress> backend;
    private @Nullable Channel peer;
    private boolean closing;

    /** For an accepted client; {@code backend} is asked once. */
    EdgeProxy(Supplier<@Nullable InetSocketAddress> backend) {
        this.backend = backend;
    }

    private EdgeProxy(Channel client) {
        this.backend = () -> null;
        this.peer = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        if (peer != null) {
            return;
        }
        InetSocketAddress target = backend.get();
        if (target == null) {
            reset(channel);
            return;
        }
        new Bootstrap()
                .group(channel.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new EdgeProxy(channel))
                .connect(target)
                .addListener((ChannelFuture done) -> connected(channel, done));
    }

    private void connected(Channel client, ChannelFuture done) {
        if (!done.isSuccess()) {
            reset(client);
            return;
        }
        peer = done.channel();
        if (!client.isActive()) {
            reset(done.channel());
            return;
        }
        client.read();
        done.channel().read();
    }

    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel to = peer;
        if (to == null || !to.isActive() || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        to.write(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Channel to = peer;
        if (to == null) {
            return;
        }
        to.flush();
        if (to.isWritable()) {
            ctx.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Channel from = peer;
        if (from != null && ctx.channel().isWritable()) {
            from.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        Channel to = peer;
        if (!(event instanceof ChannelInputShutdownEvent) || to == null) {
            return;
        }
        to.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        (ChannelFuture done) -> {
                            if (to instanceof DuplexChannel duplex && !duplex.isOutputShutdown()) {
                                duplex.shutdownOutput()
                                        .addListener(f -> closeWhenDone(ctx.channel(), to));
                            }
                        });
    }

    private static void closeWhenDone(Channel one, Channel other) {
        if (one instanceof DuplexChannel a
                && other instanceof DuplexChannel b
                && a.isOutputShutdown()
                && b.isOutputShutdown()) {
            one.close();
            other.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Channel to = peer;
        if (to == null || closing) {
            return;
        }
        closing = true;
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        closing = true;
        Channel to = peer;
        if (to != null) {
            reset(to);
        }
        reset(ctx.channel());
    }
}
