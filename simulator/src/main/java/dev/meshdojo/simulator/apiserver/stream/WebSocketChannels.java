package dev.meshdojo.simulator.apiserver.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Kubernetes' channels over a WebSocket: the first byte of each message is the channel's number.
 * The {@code base64} protocols send text whose first character is the number instead.
 */
abstract class WebSocketChannels extends SimpleChannelInboundHandler<WebSocketFrame> {

    /** The message {@code [255, n]} of protocol v5: the client closes channel n. */
    private static final int CLOSE = 255;

    private final boolean base64;
    private final boolean closable;
    private final Map<Integer, ChannelInput> inputs = new ConcurrentHashMap<>();
    private int continued = -1;

    WebSocketChannels(String protocol) {
        this.base64 = protocol.contains("base64");
        this.closable = protocol.startsWith("v5");
    }

    /** The handshake is done; called on the event loop. */
    abstract void begin(ChannelHandlerContext context);

    /** How long the last words may take after the client said goodbye. */
    Duration lingering() {
        return Duration.ZERO;
    }

    /** What the client sends on a channel. */
    ChannelInput input(ChannelHandlerContext context, int number) {
        return inputs.computeIfAbsent(number, n -> new ChannelInput(context.channel()));
    }

    /** Where to send to the client on a channel. */
    OutputStream output(Channel channel, int number) {
        return new ChannelOutput(channel, bytes -> frame(number, bytes));
    }

    /** One message of a channel; takes the bytes over. */
    WebSocketFrame frame(int number, ByteBuf bytes) {
        if (!base64) {
            return new BinaryWebSocketFrame(
                    Unpooled.wrappedBuffer(
                            Unpooled.wrappedBuffer(new byte[] {(byte) number}), bytes));
        }
        byte[] content = io.netty.buffer.ByteBufUtil.getBytes(bytes);
        bytes.release();
        return new TextWebSocketFrame(number + Base64.getEncoder().encodeToString(content));
    }

    /** Says goodbye once everything is sent. */
    static void finish(ChannelOutboundInvoker channel) {
        channel.writeAndFlush(new CloseWebSocketFrame(1000, ""))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.executor().execute(() -> begin(context));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        switch (frame) {
            case CloseWebSocketFrame _ -> {
                inputs.values().forEach(ChannelInput::end);
                context.executor()
                        .schedule(
                                () -> finish(context.channel()),
                                lingering().toMillis(),
                                TimeUnit.MILLISECONDS);
            }
            case PingWebSocketFrame ping ->
                    context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case BinaryWebSocketFrame binary -> message(binary.content());
            case TextWebSocketFrame text -> message(decode(text.content()));
            case ContinuationWebSocketFrame more -> {
                ChannelInput input = inputs.get(continued);
                if (input != null) {
                    input.add(more.content());
                }
            }
            default -> {
                // pongs ask for nothing
            }
        }
    }

    private ByteBuf decode(ByteBuf text) {
        if (!base64 || !text.isReadable()) {
            return text;
        }
        String message = text.toString(StandardCharsets.US_ASCII);
        byte[] content = Base64.getDecoder().decode(message.substring(1));
        return Unpooled.wrappedBuffer(new byte[] {(byte) (message.charAt(0) - '0')}, content);
    }

    private void message(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return;
        }
        int number = bytes.readUnsignedByte();
        if (number == CLOSE && closable && bytes.isReadable()) {
            ChannelInput input = inputs.get((int) bytes.readUnsignedByte());
            if (input != null) {
                input.end();
            }
            return;
        }
        continued = number;
        ChannelInput input = inputs.get(number);
        if (input != null) {
            input.add(bytes);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inputs.values().forEach(ChannelInput::end);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
