package dev.meshdojo.gateway.http;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Body bytes kept for later, or for another try. Owned by one exchange. */
final class BodyBuffer {

    private final List<ByteBuf> parts = new ArrayList<>(2);
    private int bytes;

    /** Keeps {@code data} and takes it over. */
    void add(ByteBuf data) {
        if (data.isReadable()) {
            parts.add(data);
            bytes += data.readableBytes();
        } else {
            data.release();
        }
    }

    int bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Copies that share memory; each is released by whoever gets it. */
    List<ByteBuf> duplicates() {
        List<ByteBuf> copies = new ArrayList<>(parts.size());
        for (ByteBuf part : parts) {
            copies.add(part.retainedDuplicate());
        }
        return copies;
    }

    /** The parts, handed over; the buffer is empty then. */
    List<ByteBuf> take() {
        List<ByteBuf> taken = List.copyOf(parts);
        parts.clear();
        bytes = 0;
        return taken;
    }

    /** All bytes in one array. */
    byte[] copy() {
        byte[] all = new byte[bytes];
        int at = 0;
        for (ByteBuf part : parts) {
            int length = part.readableBytes();
            part.getBytes(part.readerIndex(), all, at, length);
            at += length;
        }
        return all;
    }

    void release() {
        parts.forEach(ByteBuf::release);
        parts.clear();
        bytes = 0;
    }
}
