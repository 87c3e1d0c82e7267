package dev.meshdojo.gateway.listener;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The PROXY protocol header, versions 1 and 2. Source: HAProxy's PROXY protocol specification. */
final class ProxyHeader {

    private static final byte[] V2 = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int V1_MAX = 107;
    private static final Pattern DOTTED = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern PORT = Pattern.compile("\\+?[0-9]{1,9}");

    /** What the first bytes are. */
    sealed interface Result {}

    /** Not yet known. */
    record Incomplete() implements Result {}

    /** No header. */
    record Absent() implements Result {}

    /** A broken header. */
    record Invalid() implements Result {}

    /** A type-length-value of version 2. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Value(int type, byte[] bytes) {}

    /**
     * A header, consumed; addresses are null when it says that they are unknown.
     *
     * @param version 1 or 2
     */
    record Addresses(
            int version,
            @Nullable InetSocketAddress source,
            @Nullable InetSocketAddress destination,
            List<Value> values)
            implements Result {

        public Addresses {
            values = List.copyOf(values);
        }

        private static Addresses unknown(int version) {
            return new Addresses(version, null, null, List.of());
        }
    }

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
        String line = in.readCharSequence(length, StandardCharsets.US_ASCII).toString();
        if (length > V1_MAX || !line.endsWith("\r\n")) {
            return new Invalid();
        }
        String[] parts = line.substring(0, line.length() - 2).split(" ", 3);
        if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
            return Addresses.unknown(1);
        }
        boolean six = parts.length == 3 && parts[1].equals("TCP6");
        String[] ends = parts.length == 3 ? parts[2].strip().split(" +") : new String[0];
        if (ends.length != 4 || !(six || parts[1].equals("TCP4"))) {
            return new Invalid();
        }
        InetSocketAddress source = address(ends[0], ends[2], six);
        InetSocketAddress destination = address(ends[1], ends[3], six);
        return source == null || destination == null
                ? new Invalid()
                : new Addresses(1, source, destination, List.of());
    }

    private static @Nullable InetSocketAddress address(String ip, String port, boolean six) {
        boolean plausible = six ? ip.contains(":") : DOTTED.matcher(ip).matches();
        if (!plausible || !PORT.matcher(port).matches()) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(ip), Integer.parseInt(port));
        } catch (IllegalArgumentException e) {
            return null;
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
        int what = command & 15;
        if (command >> 4 != 2 || what > 1) {
            return new Invalid();
        }
        if (what == 0) {
            return Addresses.unknown(2);
        }
        int kind = family >> 4;
        int transport = family & 15;
        int size = kind == 1 ? 4 : kind == 2 ? 16 : 0;
        if (size == 0 || transport < 1 || transport > 2 || length < 2 * size + 4) {
            return new Invalid();
        }
        List<Value> values = values(body, 2 * size + 4);
        if (values == null) {
            return new Invalid();
        }
        try {
            return new Addresses(
                    2,
                    new InetSocketAddress(
                            InetAddress.getByAddress(Arrays.copyOf(body, size)),
                            port(body, 2 * size)),
                    new InetSocketAddress(
                            InetAddress.getByAddress(Arrays.copyOfRange(body, size, 2 * size)),
                            port(body, 2 * size + 2)),
                    values);
        } catch (UnknownHostException e) {
            return new Invalid();
        }
    }

    /** The type-length-values from {@code at} on; null when one is cut short. */
    private static @Nullable List<Value> values(byte[] body, int at) {
        List<Value> values = new ArrayList<>();
        int next = at;
        while (next < body.length) {
            if (body.length - next < 3) {
                return null;
            }
            int end = next + 3 + port(body, next + 1);
            if (end > body.length) {
                return null;
            }
            values.add(new Value(body[next] & 0xff, Arrays.copyOfRange(body, next + 3, end)));
            next = end;
        }
        return values;
    }

    private static int port(byte[] body, int at) {
        return (body[at] & 0xff) << 8 | (body[at + 1] & 0xff);
    }
}
