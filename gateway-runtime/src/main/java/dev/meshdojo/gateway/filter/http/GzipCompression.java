package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.BodyTransform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Compresses a body piece by piece. */
final class GzipCompression implements BodyTransform {

    private final Target target = new Target();
    private final GZIPOutputStream gzip;

    GzipCompression() {
        try {
            gzip = new GZIPOutputStream(target, 4096, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Collects what came out since it was last taken. */
    private static final class Target extends OutputStream {
        private ByteBuf out = Unpooled.buffer(512);

        @Override
        public void write(int value) {
            out.writeByte(value);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            out.writeBytes(bytes, from, length);
        }

        ByteBuf take() {
            ByteBuf taken = out;
            out = Unpooled.buffer(512);
            return taken;
        }
    }

    @Override
    public ByteBuf apply(ByteBuf data, boolean end) {
        try {
            data.readBytes(gzip, data.readableBytes());
            if (end) {
                gzip.finish();
            } else {
                gzip.flush();
            }
            return target.take();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            data.release();
        }
    }

    @Override
    public void close() {
        try {
            gzip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
