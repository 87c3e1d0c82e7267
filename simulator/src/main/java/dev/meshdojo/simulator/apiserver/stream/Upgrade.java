package dev.meshdojo.simulator.apiserver.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.apiserver.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;

/** Turns an HTTP/1.1 connection into another protocol, or says why not. Runs on its event loop. */
final class Upgrade {

    private static final int MAX_FRAME = 1 << 20;
    private static final int SPDY_CHUNK = 32 << 10;

    private final ChannelHandlerContext context;
    private final FullHttpRequest raw;

    /** {@code raw} is retained here and released by {@link #done}. */
    Upgrade(ChannelHandlerContext context, FullHttpRequest raw) {
        this.context = context;
        this.raw = raw.retain();
    }

    io.netty.channel.Channel channel() {
        return context.channel();
    }

    boolean webSocket() {
        return "websocket".equalsIgnoreCase(raw.headers().get(HttpHeaderNames.UPGRADE));
    }

    /** The values of a header that lists them by comma or by line. */
    List<String> offered(String header) {
        return raw.headers().getAll(header).stream()
                .flatMap(line -> java.util.Arrays.stream(line.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    /** Releases the request; to be called once. */
    void done() {
        raw.release();
    }

    /** Answers with a Status and closes. */
    void refuse(ApiException refusal) {
        try {
            byte[] body = new ObjectMapper().writeValueAsBytes(refusal.status());
            answer(refusal.code(), "application/json", body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers with plain text and closes. */
    void refuse(int code, String text) {
        answer(
                code,
                "text/plain; charset=utf-8",
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private void answer(int code, String type, byte[] body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(code),
                        Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, private")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Shakes hands as a WebSocket server that speaks one subprotocol, or none, and puts {@code
     * handlers} at the end of the pipeline.
     */
    void toWebSocket(String subprotocol, ChannelHandler... handlers) {
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(
                                "wss://" + raw.headers().get("host", "") + raw.uri(),
                                subprotocol.isEmpty() ? null : subprotocol,
                                false,
                                MAX_FRAME)
                        .newHandshaker(raw);
        if (handshaker == null) {
            refuse(400, "websocket version is not supported (expected: 13)\n");
            return;
        }
        ChannelPipeline pipeline = context.pipeline();
        pipeline.remove(HttpObjectAggregator.class);
        pipeline.remove(context.handler());
        handshaker.handshake(context.channel(), raw);
        pipeline.addLast(handlers);
    }

    /** Answers 101 with SPDY/3.1 and puts {@code session} behind the frame codec. */
    void toSpdy(String protocol, Function<Upgrade, ChannelHandler> session) {
        ChannelPipeline pipeline = context.pipeline();
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        head.append("Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n");
        if (!protocol.isEmpty()) {
            head.append("X-Stream-Protocol-Version: ").append(protocol).append("\r\n");
        }
        ByteBuf answer =
                Unpooled.copiedBuffer(
                        head.append("\r\n"), java.nio.charset.StandardCharsets.US_ASCII);
        pipeline.remove(HttpObjectAggregator.class);
        ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
        codec.writeAndFlush(answer);
        pipeline.addLast(spdyCodec());
        pipeline.addLast(session.apply(this));
        pipeline.remove(context.handler());
        pipeline.remove(HttpServerCodec.class);
    }

    static SpdyFrameCodec spdyCodec() {
        return new SpdyFrameCodec(SpdyVersion.SPDY_3_1, SPDY_CHUNK, 64 << 10, 6, 15, 8, false);
    }
}
