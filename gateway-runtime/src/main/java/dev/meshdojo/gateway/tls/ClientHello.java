package dev.meshdojo.gateway.tls;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a ClientHello that chooses a filter chain and a certificate. Reads bytes without
 * consuming them, so that whoever handles the connection sees them all; the message may be split
 * over records and packets.
 *
 * <p>Source: RFC 8446 section 4.1.2, RFC 6066 section 3, RFC 7301.
 *
 * @param serverName SNI in lower case, or null
 * @param serverNameAsSent SNI as sent, or null
 * @param protocols ALPN names offered, in order
 * @param ecdsa whether the client takes ECDSA certificates on P-256
 */
public record ClientHello(
        @Nullable String serverName,
        @Nullable String serverNameAsSent,
        List<String> protocols,
        boolean ecdsa) {

    private static final int MAX_BYTES = 16 * 1024;

    /** What the first bytes of a connection are. */
    public sealed interface Inspection {}

    /** Not yet known. */
    public record Incomplete() implements Inspection {}

    /** Not TLS. */
    public record Plaintext() implements Inspection {}

    /** TLS, with this hello. */
    public record Tls(ClientHello hello) implements Inspection {}

    /**
     * No ClientHello that any server would take: the connection is to be closed.
     *
     * @param reason what logs say of it, or null
     */
    public record Refused(@Nullable String reason) implements Inspection {}

    private static final Refused REFUSED = new Refused(null);
    private static final Refused TOO_OLD =
            new Refused(
                    "TLS_error|error:10000085:SSL routines:OPENSSL_internal:CONNECTION_REJECTED"
                            + ":TLS_error_end");
    private static final Incomplete INCOMPLETE = new Incomplete();
    private static final Plaintext PLAINTEXT = new Plaintext();

    public ClientHello {
        protocols = List.copyOf(protocols);
    }

    /** Looks at the readable bytes of {@code in} without moving its indexes. */
    public static Inspection inspect(ByteBuf in) {
        byte[] hello = new byte[Math.min(in.readableBytes(), MAX_BYTES)];
        int size = 0;
        int at = in.readerIndex();
        int end = in.writerIndex();
        if (end == at) {
            return INCOMPLETE;
        }
        while (at < end) {
            if (in.getByte(at) != 22) {
                return in.getByte(at) == 21 && end - at > 6 && in.getByte(at + 1) == 3
                        ? REFUSED
                        : PLAINTEXT;
            }
            if (end - at < 3) {
                return end - at < 2 || in.getByte(at + 1) == 3 ? INCOMPLETE : PLAINTEXT;
            }
            if (in.getByte(at + 1) != 3) {
                return PLAINTEXT;
            }
            if (end - at < 5) {
                return INCOMPLETE;
            }
            int record = in.getUnsignedShort(at + 3);
            if (record == 0 || record > MAX_BYTES + 2048) {
                return PLAINTEXT;
            }
            int available = Math.min(record, end - at - 5);
            int take = Math.min(available, hello.length - size);
            in.getBytes(at + 5, hello, size, take);
            size += take;
            if (size > 0 && hello[0] != 1) {
                return PLAINTEXT;
            }
            if (size >= 4) {
                int length = (hello[1] & 0xff) << 16 | (hello[2] & 0xff) << 8 | (hello[3] & 0xff);
                if (length > MAX_BYTES) {
                    return REFUSED;
                }
                if (size >= 6 && hello[4] == 3 && hello[5] == 0) {
                    return TOO_OLD; // SSL 3
                }
                if (size >= length + 4) {
                    return new Tls(new ClientHelloReader(hello, length + 4).read());
                }
            }
            if (available < record) {
                return INCOMPLETE;
            }
            at += 5 + record;
        }
        return end - in.readerIndex() > MAX_BYTES ? REFUSED : INCOMPLETE;
    }
}
