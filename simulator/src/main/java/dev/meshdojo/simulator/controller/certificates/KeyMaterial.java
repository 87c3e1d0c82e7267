package dev.meshdojo.simulator.controller.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/** Keys and PEM. */
final class KeyMaterial {

    private KeyMaterial() {}

    /** A signing key with its certificate. */
    record Signer(PrivateKey key, X509CertificateHolder certificate, String certificatePem) {}

    /** A new key as {@code spec.privateKey} wants it; RSA with 2048 bits by default. */
    static KeyPair generate(JsonNode spec) throws GeneralSecurityException {
        String algorithm = Fields.text(spec, "privateKey", "algorithm");
        int size = Fields.number(spec, "privateKey", "size");
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(
                        switch (algorithm) {
                            case "ECDSA" -> "EC";
                            case "Ed25519" -> "Ed25519";
                            default -> "RSA";
                        });
        if (algorithm.equals("ECDSA")) {
            generator.initialize(new ECGenParameterSpec("secp" + (size == 0 ? 256 : size) + "r1"));
        } else if (!algorithm.equals("Ed25519")) {
            generator.initialize(size == 0 ? 2048 : size);
        }
        return generator.generateKeyPair();
    }

    /** The signature algorithm for a key. */
    static String signature(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default -> "SHA256withRSA";
        };
    }

    /**
     * A private key as PEM: PKCS#8 when {@code spec.privateKey.encoding} says so, else the key's
     * own traditional form.
     */
    static String privateKeyPem(KeyPair pair, JsonNode spec) throws IOException {
        boolean pkcs8 = Fields.text(spec, "privateKey", "encoding").equals("PKCS8");
        if (pkcs8) {
            return pem(new JcaPKCS8Generator(pair.getPrivate(), null));
        }
        return pair.getPrivate() instanceof java.security.interfaces.ECPrivateKey key
                ? pem(sec1(key, pair))
                : pem(pair.getPrivate());
    }

    /** SEC 1 form with curve and public key; the JDK's own encoding leaves both out. */
    private static PemObject sec1(java.security.interfaces.ECPrivateKey key, KeyPair pair)
            throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        SubjectPublicKeyInfo open = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        ECPrivateKey complete =
                new ECPrivateKey(
                        key.getParams().getOrder().bitLength(),
                        key.getS(),
                        open.getPublicKeyData(),
                        info.getPrivateKeyAlgorithm().getParameters());
        return new PemObject("EC PRIVATE KEY", complete.getEncoded());
    }

    /** Anything BouncyCastle writes as PEM. */
    static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /** A signer from PEM, or null when either part is none. */
    static @Nullable Signer signer(String certificatePem, String keyPem) {
        try (PEMParser certificate = new PEMParser(new StringReader(certificatePem));
                PEMParser key = new PEMParser(new StringReader(keyPem))) {
            Object parsedCertificate = certificate.readObject();
            PrivateKey parsedKey = key(key.readObject());
            return parsedKey != null && parsedCertificate instanceof X509CertificateHolder holder
                    ? new Signer(parsedKey, holder, certificatePem)
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable PrivateKey key(@Nullable Object parsed) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        return switch (parsed) {
            case PEMKeyPair pair -> converter.getKeyPair(pair).getPrivate();
            case PrivateKeyInfo info -> converter.getPrivateKey(info);
            case null, default -> null;
        };
    }
}
