package dev.meshdojo.simulator.apiserver.rest;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.util.io.pem.PemObject;

/** A cluster's certificate authority and what it signs. EC P-256 throughout. */
public final class Certificates {

    private static final int VALID_DAYS = 365;
    private static final int KEY_BITS = 256;

    private final Identity authority;

    private Certificates(Identity authority) {
        this.authority = authority;
    }

    /**
     * A certificate with its key.
     *
     * @param certificate signed by the cluster's authority
     * @param key its private key
     */
    public record Identity(X509Certificate certificate, PrivateKey key) {

        /** The certificate as PEM. */
        public String certificatePem() {
            return pem(certificate);
        }

        /** The key as PEM. */
        public String keyPem() {
            return pem(sec1(key));
        }
    }

    /** An authority that exists. */
    public static Certificates of(Identity authority) {
        return new Certificates(authority);
    }

    /** A new authority named {@code kubernetes}. */
    public static Certificates create() {
        try {
            KeyPair keys = newKeys();
            X500Name name = new X500Name("CN=kubernetes");
            X509v3CertificateBuilder builder = builder(name, name, keys);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(
                            KeyUsage.keyCertSign
                                    | KeyUsage.digitalSignature
                                    | KeyUsage.keyEncipherment));
            return new Certificates(
                    new Identity(sign(builder, keys.getPrivate()), keys.getPrivate()));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("the certificate authority cannot be made", e);
        }
    }

    /** The authority's own certificate. */
    public X509Certificate authority() {
        return authority.certificate();
    }

    /** The authority's private key. */
    PrivateKey authorityKey() {
        return authority.key();
    }

    /** The authority's certificate as PEM. */
    public String authorityPem() {
        return authority.certificatePem();
    }

    /** The serving certificate, for loopback and the names that pods use. */
    public Identity server(String serviceIp) {
        return issue(
                "CN=kube-apiserver",
                KeyPurposeId.id_kp_serverAuth,
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.dNSName, "kubernetes"),
                new GeneralName(GeneralName.dNSName, "kubernetes.default"),
                new GeneralName(GeneralName.dNSName, "kubernetes.default.svc"),
                new GeneralName(GeneralName.dNSName, "kubernetes.default.svc.cluster.local"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.iPAddress, "::1"),
                new GeneralName(GeneralName.iPAddress, serviceIp));
    }

    /** The serving certificate of a Service inside the cluster, for its DNS names. */
    public Identity service(String name, String namespace) {
        String service = name + "." + namespace + ".svc";
        return issue(
                "",
                KeyPurposeId.id_kp_serverAuth,
                new GeneralName(GeneralName.dNSName, service),
                new GeneralName(GeneralName.dNSName, service + ".cluster.local"),
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }

    /** A client's certificate. */
    public Identity client(String user, String group) {
        return issue("O=" + group + ",CN=" + user, KeyPurposeId.id_kp_clientAuth);
    }

    /**
     * Signs a request of a client that was approved.
     *
     * @param request with the subject, its names and its key
     * @param usages in the words of the certificates API
     * @param life how long the certificate is valid from now on
     * @return the certificate as PEM
     */
    public String sign(PKCS10CertificationRequest request, List<String> usages, Duration life) {
        try {
            Instant now = Instant.now();
            X509v3CertificateBuilder builder =
                    new X509v3CertificateBuilder(
                            new X500Name("CN=kubernetes"),
                            new BigInteger(127, new SecureRandom()).setBit(126),
                            Date.from(now.minus(5, ChronoUnit.MINUTES)),
                            Date.from(now.plus(life)),
                            request.getSubject(),
                            request.getSubjectPublicKeyInfo());
            RequestedUsages wanted = RequestedUsages.of(usages);
            if (wanted.bits() != 0) {
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(wanted.bits()));
            }
            if (!wanted.purposes().isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        false,
                        new ExtendedKeyUsage(wanted.purposes().toArray(KeyPurposeId[]::new)));
            }
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            Extensions asked = request.getRequestedExtensions();
            Extension names =
                    asked == null ? null : asked.getExtension(Extension.subjectAlternativeName);
            if (names != null) {
                builder.addExtension(names);
            }
            return pem(sign(builder, authority.key()));
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate for " + request.getSubject(), e);
        }
    }

    /**
     * A workload's mesh certificate, for both ends of mutual TLS.
     *
     * @param spiffe the identity, such as {@code spiffe://cluster.local/ns/apps/sa/default}
     */
    public Identity workload(String spiffe) {
        return issue(
                "",
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth},
                new GeneralName(GeneralName.uniformResourceIdentifier, spiffe));
    }

    private Identity issue(String subject, KeyPurposeId purpose, GeneralName... names) {
        return issue(subject, new KeyPurposeId[] {purpose}, names);
    }

    private Identity issue(String subject, KeyPurposeId[] purposes, GeneralName... names) {
        try {
            KeyPair keys = newKeys();
            X500Name issuer = new X500Name("CN=kubernetes");
            X509v3CertificateBuilder builder = builder(issuer, new X500Name(subject), keys);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            if (names.length > 0) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        subject.isEmpty(),
                        new GeneralNames(names));
            }
            return new Identity(sign(builder, authority.key()), keys.getPrivate());
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate for " + subject, e);
        }
    }

    /** New EC P-256 keys. */
    public static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()).setBit(63),
                Date.from(now.minus(5, ChronoUnit.MINUTES)),
                Date.from(now.plus(VALID_DAYS, ChronoUnit.DAYS)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    /** SEC 1 form with curve and public point, which every client library reads. */
    private static Object sec1(PrivateKey key) {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
            ECPrivateKey plain = ECPrivateKey.getInstance(info.parsePrivateKey());
            return new PemObject(
                    "EC PRIVATE KEY",
                    new ECPrivateKey(
                                    KEY_BITS,
                                    plain.getKey(),
                                    plain.getPublicKey(),
                                    info.getPrivateKeyAlgorithm().getParameters())
                            .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
