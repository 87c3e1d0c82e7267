package dev.meshdojo.simulator.apiserver.rest;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import org.jspecify.annotations.Nullable;

/** A watch over a WebSocket, as older client libraries ask for it: one text frame per event. */
final class WebSocketSink implements WatchSink {

    private static final int MAX_FRAME = 65536;

    private final Channel channel;

    private WebSocketSink(Channel channel) {
        this.channel = channel;
    }

    /** Shakes hands on the connection's event loop; null when the client's version is unknown. */
    static @Nullable WebSocketSink open(ChannelHandlerContext context, FullHttpRequest raw) {
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(
                                "wss://" + raw.headers().get("host", "") + raw.uri(),
                                null,
                                false,
                                MAX_FRAME)
                        .newHandshaker(raw);
        if (handshaker == null) {
            return null;
        }
        Channel channel = context.channel();
        context.pipeline().remove(HttpObjectAggregator.class);
        context.pipeline().replace(context.handler(), "frames", new Frames());
        handshaker.handshake(channel, raw);
        return new WebSocketSink(channel);
    }

    @Override
    public void onDisconnect(Runnable action) {
        channel.closeFuture().addListener(_ -> action.run());
    }

    @Override
    public void begin() {}

    @Override
    public boolean part(byte[] lines) throws InterruptedException {
        ChannelFuture sent = null;
        int start = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n') {
                sent =
                        channel.write(
                                new TextWebSocketFrame(
                                        Unpooled.wrappedBuffer(lines, start, i + 1 - start)));
                start = i + 1;
            }
        }
        channel.flush();
        if (sent != null && !channel.isWritable()) {
            sent.await();
        }
        return channel.isActive();
    }

    @Override
    public void end() {
        channel.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(_ -> channel.close());
    }

    @Override
    public void abort() {
        channel.close();
    }

    private static final class Frames extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame) {
                context.close();
            } else if (frame instanceof PingWebSocketFrame) {
                context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
