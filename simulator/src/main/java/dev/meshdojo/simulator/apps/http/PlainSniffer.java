package dev.meshdojo.simulator.apps.http;

import dev.meshdojo.gateway.listener.SocketAddressing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells HTTP/2 with prior knowledge from HTTP/1, and bytes that are neither. */
final class PlainSniffer extends ByteToMessageDecoder {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BAD_REQUEST =
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final HttpApp app;
    private final SocketAddressing addressing;

    PlainSniffer(HttpApp app, SocketAddressing addressing) {
        this.app = app;
        this.addressing = addressing;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.getUnsignedByte(in.readerIndex()) < 0x20) {
            in.skipBytes(in.readableBytes());
            ctx.writeAndFlush(Unpooled.wrappedBuffer(BAD_REQUEST))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        int known = Math.min(in.readableBytes(), PREFACE.length);
        boolean http2 = true;
        for (int i = 0; i < known; i++) {
            http2 &= in.getByte(in.readerIndex() + i) == PREFACE[i];
        }
        if (http2 && known < PREFACE.length) {
            return;
        }
        if (http2) {
            Http2Streams.install(ctx.pipeline(), app, addressing, false);
        } else {
            installHttp1(ctx.pipeline(), app, addressing, false);
        }
        ctx.pipeline().remove(this);
    }

    static void installHttp1(
            ChannelPipeline pipeline, HttpApp app, SocketAddressing addressing, boolean tls) {
        HttpDecoderConfig config =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(64 << 10)
                        .setMaxHeaderSize(256 << 10)
                        .setValidateHeaders(false);
        pipeline.addLast(new HttpServerCodec(config));
        pipeline.addLast(new Http1Exchange(app, addressing, tls));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
