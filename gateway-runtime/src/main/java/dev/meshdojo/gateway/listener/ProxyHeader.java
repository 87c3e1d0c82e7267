package dev.meshdojo.gateway.listener;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The PROXY protocol header, versions 1 and 2. Source: HAProxy's PROXY protocol specification. */
final class ProxyHeader {

    private static final byte[] V2 = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int V1_MAX = 107;

    /** What the first bytes are. */
    sealed interface Result {}

    /** Not yet known. */
    record Incomplete() implements Result {}

    /** No header. */
    record Absent() implements Result {}

    /** A broken header. */
    record Invalid() implements Result {}

    /** A header, consumed; addresses are null when it says that they are unknown. */
    record Addresses(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination)
            implements Result {}

    private ProxyHeader() {}

    /** Reads a header from {@code in}; consumes it only when it is complete. */
    static Result read(ByteBuf in) {
        int two = matches(in, V2);
        int one = matches(in, V1);
        if (two < 0 && one < 0) {
            return new Absent();
        }
        if (two == V2.length) {
            return version2(in);
        }
        if (one == V1.length) {
            return version1(in);
        }
        return new Incomplete();
    }

    /** How many bytes agree so far; -1 when one differs. */
    private static int matches(ByteBuf in, byte[] signature) {
        int length = Math.min(in.readableBytes(), signature.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != signature[i]) {
                return -1;
            }
        }
        return length;
    }

    private static Result version1(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        if (end < 0) {
            return in.readableBytes() > V1_MAX ? new Invalid() : new Incomplete();
        }
        int length = end - in.readerIndex() + 1;
        String line = in.readCharSequence(length, StandardCharsets.US_ASCII).toString().trim();
        String[] parts = line.split(" ", -1);
        if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
            return new Addresses(null, null);
        }
        if (parts.length != 6) {
            return new Invalid();
        }
        try {
            return new Addresses(
                    new InetSocketAddress(
                            InetAddress.ofLiteral(parts[2]), Integer.parseInt(parts[4])),
                    new InetSocketAddress(
                            InetAddress.ofLiteral(parts[3]), Integer.parseInt(parts[5])));
        } catch (IllegalArgumentException e) {
            return new Invalid();
        }
    }

    private static Result version2(ByteBuf in) {
        if (in.readableBytes() < 16) {
            return new Incomplete();
        }
        int start = in.readerIndex();
        int command = in.getByte(start + 12) & 0xff;
        int family = in.getByte(start + 13) & 0xff;
        int length = in.getUnsignedShort(start + 14);
        if (in.readableBytes() < 16 + length) {
            return new Incomplete();
        }
        in.skipBytes(16);
        byte[] body = new byte[length];
        in.readBytes(body);
        if (command >> 4 != 2) {
            return new Invalid();
        }
        if ((command & 15) == 0) {
            return new Addresses(null, null);
        }
        int size = family >> 4 == 1 ? 4 : family >> 4 == 2 ? 16 : 0;
        if (size == 0) {
            return new Addresses(null, null);
        }
        if (length < 2 * size + 4) {
            return new Invalid();
        }
        try {
            return new Addresses(
                    new InetSocketAddress(
                            InetAddress.getByAddress(java.util.Arrays.copyOf(body, size)),
                            port(body, 2 * size)),
                    new InetSocketAddress(
                            InetAddress.getByAddress(
                                    java.util.Arrays.copyOfRange(body, size, 2 * size)),
                            port(body, 2 * size + 2)));
        } catch (UnknownHostException e) {
            return new Invalid();
        }
    }

    private static int port(byte[] body, int at) {
        return (body[at] & 0xff) << 8 | (body[at + 1] & 0xff);
    }
}
