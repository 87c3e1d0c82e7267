package dev.meshdojo.gateway.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one whole ClientHello message; what is cut short counts as absent. */
final class ClientHelloReader {

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int SECP256R1 = 23;
    private static final int ECDSA_SECP256R1_SHA256 = 0x0403;

    private final byte[] bytes;
    private final int end;
    private int at = 4 + 2 + 32;
    private @Nullable String serverName;
    private final List<String> protocols = new ArrayList<>();
    private boolean versions;
    private boolean p256;
    private boolean p256Signatures;
    private boolean ecdsaCipher;

    /**
     * @param bytes the message with its four bytes of header
     * @param end where it ends
     */
    ClientHelloReader(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    ClientHello read() {
        if (skip(1) && ciphers() && skip(1) && at + 2 <= end) {
            at += 2;
            while (at + 4 <= end) {
                int type = number(2);
                int next = Math.min(number(2) + at, end);
                extension(type, next);
                at = next;
            }
        }
        return new ClientHello(
                serverName == null ? null : serverName.toLowerCase(Locale.ROOT),
                serverName,
                protocols,
                versions ? p256Signatures : p256 && ecdsaCipher);
    }

    private boolean ciphers() {
        if (at + 2 > end) {
            return false;
        }
        int last = number(2) + at;
        while (at + 2 <= Math.min(last, end)) {
            ecdsaCipher |= ecdsa(number(2));
        }
        at = last;
        return at <= end;
    }

    /** The ECDHE-ECDSA suites that BoringSSL knows. */
    private static boolean ecdsa(int cipher) {
        return switch (cipher) {
            case 0xc009, 0xc00a, 0xc023, 0xc02b, 0xc02c, 0xcca9 -> true;
            default -> false;
        };
    }

    private void extension(int type, int next) {
        switch (type) {
            case SERVER_NAME -> serverName(next);
            case ALPN -> {
                at += 2;
                while (at < next) {
                    protocols.add(text(Math.min(number(1), next - at)));
                }
            }
            case SUPPORTED_VERSIONS -> versions = true;
            case SUPPORTED_GROUPS -> p256 = contains(next, SECP256R1);
            case SIGNATURE_ALGORITHMS -> p256Signatures = contains(next, ECDSA_SECP256R1_SHA256);
            default -> {}
        }
    }

    private void serverName(int next) {
        if (next - at < 5) {
            return;
        }
        at += 2;
        int kind = number(1);
        int size = Math.min(number(2), next - at);
        if (kind == 0) {
            serverName = text(size);
        }
    }

    private boolean contains(int next, int wanted) {
        at += 2;
        while (at + 2 <= next) {
            if (number(2) == wanted) {
                return true;
            }
        }
        return false;
    }

    private String text(int size) {
        String text = new String(bytes, at, size, StandardCharsets.ISO_8859_1);
        at += size;
        return text;
    }

    private boolean skip(int lengthBytes) {
        if (at + lengthBytes > end) {
            return false;
        }
        int length = number(lengthBytes);
        at += length;
        return at <= end;
    }

    private int number(int size) {
        int number = 0;
        for (int i = 0; i < size; i++) {
            number = number << 8 | (bytes[at++] & 0xff);
        }
        return number;
    }
}
