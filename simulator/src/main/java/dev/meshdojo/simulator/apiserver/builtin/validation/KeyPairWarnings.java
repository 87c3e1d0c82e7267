package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/** Whether the two halves of a TLS secret belong together, in the words of Go's crypto/tls. */
final class KeyPairWarnings {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";

    private KeyPairWarnings() {}

    static void check(At secret, List<String> warnings) {
        At data = secret.get("data");
        String problem = problem(text(data.key("tls.crt")), text(data.key("tls.key")));
        if (problem != null) {
            warnings.add(problem);
        }
    }

    private static String text(At value) {
        return new String(Base64.getDecoder().decode(value.text()), StandardCharsets.UTF_8);
    }

    private static @Nullable String problem(String certificate, String key) {
        List<PemObject> blocks = blocks(certificate);
        PemObject first =
                blocks.stream()
                        .filter(b -> b.getType().equals(CERTIFICATE))
                        .findFirst()
                        .orElse(null);
        if (first == null) {
            if (blocks.isEmpty()) {
                return "tls: failed to find any PEM data in certificate input";
            }
            return blocks.size() == 1 && blocks.getFirst().getType().endsWith(KEY)
                    ? "tls: failed to find certificate PEM data in certificate input, but did find a"
                            + " private key; PEM inputs may have been switched"
                    : "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after"
                            + " skipping PEM blocks of the following types: "
                            + types(blocks);
        }
        List<PemObject> others = new ArrayList<>();
        PemObject found = null;
        for (PemObject block : blocks(key)) {
            if (block.getType().equals(KEY) || block.getType().endsWith(" " + KEY)) {
                found = block;
                break;
            }
            others.add(block);
        }
        if (found == null) {
            if (others.isEmpty()) {
                return "tls: failed to find any PEM data in key input";
            }
            return others.size() == 1 && others.getFirst().getType().equals(CERTIFICATE)
                    ? "tls: found a certificate rather than a key in the PEM for the private key"
                    : "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key"
                            + " input after skipping PEM blocks of the following types: "
                            + types(others);
        }
        return match(first, found);
    }

    private static String types(List<PemObject> blocks) {
        return "[" + String.join(" ", blocks.stream().map(PemObject::getType).toList()) + "]";
    }

    private static List<PemObject> blocks(String text) {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject next = reader.readPemObject();
                    next != null;
                    next = reader.readPemObject()) {
                blocks.add(next);
            }
        } catch (IOException e) {
            return blocks;
        }
        return blocks;
    }

    private static @Nullable String match(PemObject certificate, PemObject key) {
        PublicKey certified;
        try {
            X509Certificate parsed =
                    new JcaX509CertificateConverter()
                            .getCertificate(new X509CertificateHolder(certificate.getContent()));
            certified = parsed.getPublicKey();
        } catch (IOException | CertificateException e) {
            return "x509: malformed certificate";
        }
        PrivateKey own = privateKey(key);
        if (own == null) {
            return "tls: failed to parse private key";
        }
        if (!algorithm(own).equals(algorithm(certified))) {
            return "tls: private key type does not match public key type";
        }
        return signsFor(own, certified) ? null : "tls: private key does not match public key";
    }

    private static String algorithm(Key key) {
        return switch (key.getAlgorithm()) {
            case "EC", "ECDSA" -> "EC";
            case "Ed25519", "EdDSA" -> "EdDSA";
            case String other -> other;
        };
    }

    /** What one key signs, the other accepts: then they are halves of one pair. */
    private static boolean signsFor(PrivateKey own, PublicKey certified) {
        String scheme =
                switch (algorithm(own)) {
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> "SHA256withRSA";
                };
        byte[] probe = {1};
        try {
            Signature signer = Signature.getInstance(scheme);
            signer.initSign(own);
            signer.update(probe);
            byte[] signed = signer.sign();
            Signature verifier = Signature.getInstance(scheme);
            verifier.initVerify(certified);
            verifier.update(probe);
            return verifier.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static @Nullable PrivateKey privateKey(PemObject key) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(key);
            writer.flush();
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            try (PEMParser parser = new PEMParser(new StringReader(text.toString()))) {
                return switch (parser.readObject()) {
                    case PEMKeyPair pair -> converter.getKeyPair(pair).getPrivate();
                    case PrivateKeyInfo info -> converter.getPrivateKey(info);
                    case null, default -> null;
                };
            }
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
