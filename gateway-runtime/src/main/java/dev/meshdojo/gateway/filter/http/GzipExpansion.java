package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.BodyTransform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;

/** Expands a gzip body piece by piece; what is broken ends it. */
final class GzipExpansion implements BodyTransform {

    /** Bounds what one piece can grow to, against bombs. */
    private static final int PIECE_LIMIT = 16 * 1024 * 1024;

    private final EmbeddedChannel channel =
            new EmbeddedChannel(ZlibCodecFactory.newZlibDecoder(ZlibWrapper.GZIP, PIECE_LIMIT));
    private boolean broken;

    @Override
    public ByteBuf apply(ByteBuf data, boolean end) {
        if (broken || !channel.isOpen()) {
            data.release();
            return Unpooled.EMPTY_BUFFER;
        }
        try {
            channel.writeInbound(data);
        } catch (DecompressionException e) {
            broken = true;
        }
        ByteBuf out = Unpooled.buffer();
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            out.writeBytes(part);
            part.release();
        }
        return out;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
