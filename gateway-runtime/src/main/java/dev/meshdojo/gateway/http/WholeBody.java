package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.filter.MessageBody;
import dev.meshdojo.gateway.stream.HeaderMap;
import io.netty.buffer.Unpooled;

/** A body that was buffered to its end. */
final class WholeBody implements MessageBody {

    private final BodyBuffer buffer;
    private final HeaderMap headers;
    private final boolean absent;

    WholeBody(BodyBuffer buffer, HeaderMap headers, boolean absent) {
        this.buffer = buffer;
        this.headers = headers;
        this.absent = absent;
    }

    @Override
    public byte[] bytes() {
        return buffer.copy();
    }

    @Override
    public boolean absent() {
        return absent;
    }

    @Override
    public void replace(byte[] bytes) {
        buffer.release();
        buffer.add(Unpooled.wrappedBuffer(bytes));
        headers.set("content-length", Integer.toString(bytes.length));
    }
}
