package dev.meshdojo.simulator.apiserver.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells clients that speak plain HTTP so, in Go's words, and lets TLS pass. */
final class PlainHttpRefusal extends ByteToMessageDecoder {

    private static final int TLS_HANDSHAKE = 0x16;
    private static final String ANSWER =
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!in.isReadable()) {
            return;
        }
        int first = in.getUnsignedByte(in.readerIndex());
        if (first == TLS_HANDSHAKE || !Character.isUpperCase(first)) {
            context.pipeline().remove(this);
            return;
        }
        in.skipBytes(in.readableBytes());
        context.writeAndFlush(Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
