package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;

/** Writes HTTP/1.1 heads and chunks. Heads are put together in a byte array of the thread. */
final class Http1Writer {

    private static final FastThreadLocal<Http1Writer> WRITER =
            new FastThreadLocal<>() {
                @Override
                protected Http1Writer initialValue() {
                    return new Http1Writer();
                }
            };

    private static final byte[][] STATUS_LINES = new byte[600][];
    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(5)
                            .writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                            .asReadOnly());
    private static final ByteBuf CRLF =
            Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(2).writeBytes(new byte[] {'\r', '\n'}).asReadOnly());

    static {
        for (int status = 100; status < STATUS_LINES.length; status++) {
            STATUS_LINES[status] =
                    ("HTTP/1.1 " + status + " " + reason(status) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
        }
    }

    private byte[] bytes = new byte[2048];
    private int length;

    private Http1Writer() {}

    private static String reason(int status) {
        return switch (status) {
            case 208 -> "Already Reported";
            case 226 -> "IM Used";
            case 302 -> "Found";
            case 413 -> "Payload Too Large";
            case 414 -> "URI Too Long";
            case 416 -> "Range Not Satisfiable";
            case 425 -> "Too Early";
            case 508 -> "Loop Detected";
            case 599 -> "Last Unassigned Server Error Code";
            case 103, 418, 420 -> "Unknown";
            default -> {
                String phrase = HttpResponseStatus.valueOf(status).reasonPhrase();
                yield phrase.endsWith(")") ? "Unknown" : phrase;
            }
        };
    }

    static ByteBuf responseHead(ByteBufAllocator allocator, int status, HeaderMap headers) {
        Http1Writer writer = WRITER.get();
        writer.length = 0;
        if (status < STATUS_LINES.length) {
            writer.raw(STATUS_LINES[status]);
        } else {
            writer.text("HTTP/1.1 ");
            writer.text(Integer.toString(status));
            writer.text(" Unknown\r\n");
        }
        return writer.finish(allocator, headers);
    }

    static ByteBuf requestHead(ByteBufAllocator allocator, RequestHead head) {
        Http1Writer writer = WRITER.get();
        writer.length = 0;
        writer.text(head.method());
        writer.one(' ');
        writer.text(head.method().equals("CONNECT") ? head.authority() : head.path());
        writer.text(" HTTP/1.1\r\nhost: ");
        writer.text(head.authority());
        writer.crlf();
        return writer.finish(allocator, head.headers());
    }

    /** The size line of a chunk, and the bytes that end it are {@link #chunkEnd}. */
    static ByteBuf chunkStart(ByteBufAllocator allocator, int size) {
        ByteBuf line = allocator.directBuffer(12);
        line.writeCharSequence(Integer.toHexString(size), StandardCharsets.US_ASCII);
        return line.writeByte('\r').writeByte('\n');
    }

    static ByteBuf chunkEnd() {
        return CRLF.duplicate();
    }

    static ByteBuf lastChunk() {
        return LAST_CHUNK.duplicate();
    }

    private ByteBuf finish(ByteBufAllocator allocator, HeaderMap headers) {
        for (int i = 0, n = headers.size(); i < n; i++) {
            text(headers.name(i));
            one(':');
            one(' ');
            text(headers.value(i));
            crlf();
        }
        crlf();
        return allocator.directBuffer(length).writeBytes(bytes, 0, length);
    }

    private void crlf() {
        one('\r');
        one('\n');
    }

    private void one(char c) {
        room(1);
        bytes[length++] = (byte) c;
    }

    private void raw(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    @SuppressWarnings("deprecation") // one byte a character is what is wanted
    private void text(String text) {
        int size = text.length();
        room(size);
        text.getBytes(0, size, bytes, length);
        length += size;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
