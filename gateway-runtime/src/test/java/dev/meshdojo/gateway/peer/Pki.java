package dev.meshdojo.gateway.peer;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Certificates of every kind that a test of TLS needs. */
final class Pki {

    private static final AtomicLong SERIAL = new AtomicLong(0x1001);

    /**
     * A certificate with its key.
     *
     * @param chain what is presented: the leaf first
     */
    record Identity(List<X509Certificate> chain, PrivateKey key) {
        Identity {
            chain = List.copyOf(chain);
        }

        X509Certificate leaf() {
            return chain.getFirst();
        }

        /** Only the leaf is presented. */
        Identity alone() {
            return new Identity(List.of(leaf()), key);
        }
    }

    /** What a certificate says. */
    static final class Request {
        private final String subject;
        private final List<GeneralName> names = new ArrayList<>();
        private String keys = "EC";
        private Instant from = Instant.now().minus(Duration.ofDays(1));
        private Instant to = Instant.now().plus(Duration.ofDays(1));
        private @Nullable KeyPurposeId purpose;
        private boolean authority;

        private Request(String subject) {
            this.subject = subject;
        }

        Request dns(String... values) {
            return names(GeneralName.dNSName, values);
        }

        Request uri(String... values) {
            return names(GeneralName.uniformResourceIdentifier, values);
        }

        Request email(String... values) {
            return names(GeneralName.rfc822Name, values);
        }

        Request ip(String... values) {
            return names(GeneralName.iPAddress, values);
        }

        private Request names(int kind, String... values) {
            for (String value : values) {
                names.add(new GeneralName(kind, value));
            }
            return this;
        }

        Request rsa() {
            keys = "RSA";
            return this;
        }

        Request ca() {
            authority = true;
            return this;
        }

        Request expired() {
            from = Instant.now().minus(Duration.ofDays(9));
            to = Instant.now().minus(Duration.ofDays(2));
            return this;
        }

        Request future() {
            from = Instant.now().plus(Duration.ofDays(2));
            to = Instant.now().plus(Duration.ofDays(9));
            return this;
        }

        Request only(KeyPurposeId id) {
            purpose = id;
            return this;
        }

        Identity selfSigned() {
            return issue(null);
        }

        /** Signs it; the chain leads to, but leaves out, a self-signed issuer. */
        Identity signedBy(Identity issuer) {
            return issue(issuer);
        }

        private Identity issue(@Nullable Identity issuer) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(keys);
                generator.initialize(keys.equals("EC") ? 256 : 2048);
                KeyPair pair = generator.generateKeyPair();
                X500Name name = new X500Name(subject);
                JcaX509v3CertificateBuilder builder =
                        new JcaX509v3CertificateBuilder(
                                issuer == null ? name : name(issuer),
                                BigInteger.valueOf(SERIAL.incrementAndGet()),
                                Date.from(from),
                                Date.from(to),
                                name,
                                pair.getPublic());
                JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
                if (authority) {
                    builder.addExtension(
                            Extension.basicConstraints, true, new BasicConstraints(true));
                    builder.addExtension(
                            Extension.keyUsage,
                            true,
                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
                    builder.addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            ids.createSubjectKeyIdentifier(pair.getPublic()));
                }
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(new GeneralName[0])));
                }
                if (purpose != null) {
                    builder.addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
                }
                PrivateKey signer = issuer == null ? pair.getPrivate() : issuer.key();
                X509Certificate leaf =
                        new JcaX509CertificateConverter()
                                .getCertificate(builder.build(signer(signer)));
                List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
                if (issuer != null && !isRoot(issuer.leaf())) {
                    chain.addAll(issuer.chain());
                }
                return new Identity(chain, pair.getPrivate());
            } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Pki() {}

    /** A certificate for {@code subject}, such as {@code CN=a}. */
    static Request request(String subject) {
        return new Request(subject);
    }

    /** A list of what {@code issuer} has revoked. */
    static X509CRL revoked(Identity issuer, Identity... gone) {
        try {
            JcaX509v2CRLBuilder builder =
                    new JcaX509v2CRLBuilder(
                            issuer.leaf().getSubjectX500Principal(), Date.from(Instant.now()));
            builder.setNextUpdate(Date.from(Instant.now().plus(Duration.ofDays(1))));
            for (Identity each : gone) {
                builder.addCRLEntry(
                        each.leaf().getSerialNumber(),
                        Date.from(Instant.now()),
                        CRLReason.keyCompromise);
            }
            return new JcaX509CRLConverter().getCRL(builder.build(signer(issuer.key())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static org.bouncycastle.operator.ContentSigner signer(PrivateKey key)
            throws OperatorCreationException {
        return new JcaContentSignerBuilder(
                        key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA")
                .build(key);
    }

    private static X500Name name(Identity issuer) {
        return X500Name.getInstance(issuer.leaf().getSubjectX500Principal().getEncoded());
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    static String pem(X509Certificate... certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    static String pem(Identity identity) {
        return pem(identity.chain().toArray(new X509Certificate[0]));
    }

    static String pem(X509CRL... lists) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509CRL list : lists) {
                text.append(pem("X509 CRL", list.getEncoded()));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    static DataSource source(String text) {
        return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
    }
}
