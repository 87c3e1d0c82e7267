package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM to keys, certificates and revocation lists. */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final byte[] RSA_ALGORITHM = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        1,
        1,
        1,
        5,
        0
    };

    private Pem() {}

    static List<X509Certificate> certificates(byte[] pem) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] der : blocks(pem, "CERTIFICATE")) {
                certificates.add(
                        (X509Certificate)
                                factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidConfigException("Failed to load certificate: " + e.getMessage());
        }
        return certificates;
    }

    static List<X509CRL> revocationLists(byte[] pem) {
        List<X509CRL> lists = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (byte[] der : blocks(pem, "X509 CRL")) {
                lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(der)));
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidConfigException("Failed to load CRL: " + e.getMessage());
        }
        return lists;
    }

    static PrivateKey privateKey(byte[] pem) {
        for (Block block : blocks(pem)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrap(RSA_ALGORITHM, block.der()));
                }
                case "EC PRIVATE KEY" -> {
                    return pkcs8(wrap(ecAlgorithm(block.der()), block.der()));
                }
                default -> {}
            }
        }
        throw new InvalidConfigException("Failed to load private key: no private key in the PEM");
    }

    private static PrivateKey pkcs8(byte[] der) {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException otherKind) {
                // The next algorithm may know the key.
            }
        }
        throw new InvalidConfigException("Failed to load private key: unknown kind of key");
    }

    /** The curve stands in the key itself, tagged [0]. */
    private static byte[] ecAlgorithm(byte[] key) {
        for (int i = 0; i + 3 < key.length; i++) {
            if ((key[i] & 0xff) == 0xa0 && key[i + 2] == 6 && key[i + 1] == key[i + 3] + 2) {
                byte[] curve = java.util.Arrays.copyOfRange(key, i + 2, i + 2 + key[i + 1]);
                byte[] ec = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
                return der(0x30, concat(ec, curve));
            }
        }
        throw new InvalidConfigException("Failed to load private key: EC key without a curve");
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        byte[] version = {2, 1, 0};
        return der(0x30, concat(concat(version, algorithm), der(4, key)));
    }

    private static byte[] der(int tag, byte[] content) {
        int length = content.length;
        byte[] head =
                length < 128
                        ? new byte[] {(byte) tag, (byte) length}
                        : length < 256
                                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                                : new byte[] {
                                    (byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length
                                };
        return concat(head, content);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] joined = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    private record Block(String label, byte[] der) {}

    private static List<byte[]> blocks(byte[] pem, String label) {
        List<byte[]> found = new ArrayList<>();
        for (Block block : blocks(pem)) {
            if (block.label().equals(label)) {
                found.add(block.der());
            }
        }
        return found;
    }

    private static List<Block> blocks(byte[] pem) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            try {
                blocks.add(
                        new Block(
                                matcher.group(1),
                                Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigException("Failed to load PEM: " + e.getMessage());
            }
        }
        return blocks;
    }
}
