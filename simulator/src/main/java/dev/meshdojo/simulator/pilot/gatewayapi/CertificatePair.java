package dev.meshdojo.simulator.pilot.gatewayapi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks that a PEM certificate and a PEM private key belong together. */
final class CertificatePair {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.UTF_8);

    private CertificatePair() {}

    /**
     * What is wrong with the pair, in the words of Go's TLS library; null when nothing is.
     *
     * @param chain PEM text whose first certificate counts
     * @param key PEM text with a key as PKCS#8, PKCS#1 or SEC 1
     */
    static @Nullable String problem(String chain, String key) {
        byte[] certificate = block(chain, "CERTIFICATE");
        if (certificate == null) {
            return "tls: failed to find any PEM data in certificate input";
        }
        byte[] secret = block(key, "PRIVATE KEY");
        if (secret == null) {
            return "tls: failed to find any PEM data in key input";
        }
        PublicKey own;
        try {
            own =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(certificate))
                            .getPublicKey();
        } catch (GeneralSecurityException e) {
            return "x509: malformed certificate";
        }
        PrivateKey privateKey;
        try {
            privateKey = privateKey(secret, key.contains("BEGIN PRIVATE KEY"), own);
        } catch (GeneralSecurityException e) {
            return "tls: failed to parse private key";
        }
        return belong(own, privateKey) ? null : "tls: private key does not match public key";
    }

    /** The content of the first block whose label ends so; null when there is none. */
    private static byte @Nullable [] block(String pem, String label) {
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            if (blocks.group(1).endsWith(label)) {
                try {
                    return Base64.getMimeDecoder().decode(blocks.group(2));
                } catch (IllegalArgumentException e) {
                    return null;
                }
            }
        }
        return null;
    }

    private static PrivateKey privateKey(byte[] der, boolean pkcs8, PublicKey own)
            throws GeneralSecurityException {
        byte[] encoded = pkcs8 ? der : pkcs8(algorithm(own.getEncoded()), der);
        return KeyFactory.getInstance(own.getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    /** The AlgorithmIdentifier, the first element of a SubjectPublicKeyInfo. */
    private static byte[] algorithm(byte[] publicKey) {
        int start = header(publicKey, 0);
        return Arrays.copyOfRange(
                publicKey, start, header(publicKey, start) + length(publicKey, start));
    }

    /** PKCS#8 around a key of an algorithm's own format. */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(new byte[] {2, 1, 0});
        content.writeBytes(algorithm);
        content.writeBytes(element(4, key));
        return element(0x30, content.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** Where the content of the DER element at {@code at} begins. */
    private static int header(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 128 ? 0 : first - 128);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 128) {
            return first;
        }
        int out = 0;
        for (int i = 0; i < first - 128; i++) {
            out = (out << 8) | (der[at + 2 + i] & 0xff);
        }
        return out;
    }

    private static boolean belong(PublicKey publicKey, PrivateKey privateKey) {
        String algorithm =
                switch (publicKey.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> publicKey.getAlgorithm();
                };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            signer.initVerify(publicKey);
            signer.update(PROBE);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
