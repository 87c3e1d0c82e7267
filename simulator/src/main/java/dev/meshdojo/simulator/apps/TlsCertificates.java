package dev.meshdojo.simulator.apps;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Server certificates of workloads that speak TLS. */
final class TlsCertificates {

    private static final Duration VALIDITY = Duration.ofDays(3650);

    private TlsCertificates() {}

    /** A server context that offers h2 and http/1.1, from PEM text as a TLS Secret holds it. */
    static SslContext fromPem(byte[] certificate, byte[] key) throws IOException {
        try {
            X509Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(certificate))
                            .toArray(new X509Certificate[0]);
            return context(privateKey(new String(key, StandardCharsets.US_ASCII)), chain);
        } catch (GeneralSecurityException e) {
            throw new IOException("the Secret's certificate cannot be read: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(String pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            return switch (parser.readObject()) {
                case PEMKeyPair pair -> converter.getKeyPair(pair).getPrivate();
                case PrivateKeyInfo info -> converter.getPrivateKey(info);
                case null, default ->
                        throw new IOException("tls.key holds no private key (expected: PEM)");
            };
        }
    }

    /** A server context with a certificate of its own making for {@code host}. */
    static SslContext selfSigned(String host, Clock clock) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Instant now = clock.instant();
            X500Principal name = new X500Principal("CN=" + host);
            X509Certificate certificate =
                    new JcaX509CertificateConverter()
                            .getCertificate(
                                    new JcaX509v3CertificateBuilder(
                                                    name,
                                                    BigInteger.valueOf(now.toEpochMilli()),
                                                    Date.from(now.minus(Duration.ofHours(1))),
                                                    Date.from(now.plus(VALIDITY)),
                                                    name,
                                                    pair.getPublic())
                                            .addExtension(
                                                    Extension.subjectAlternativeName,
                                                    false,
                                                    new GeneralNames(
                                                            new GeneralName(
                                                                    GeneralName.dNSName, host)))
                                            .build(
                                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                                            .build(pair.getPrivate())));
            return context(pair.getPrivate(), new X509Certificate[] {certificate});
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("no certificate could be made for " + host, e);
        }
    }

    private static SslContext context(PrivateKey key, X509Certificate[] chain) throws IOException {
        return SslContextBuilder.forServer(key, chain)
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                ApplicationProtocolConfig.Protocol.ALPN,
                                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                                ApplicationProtocolNames.HTTP_2,
                                ApplicationProtocolNames.HTTP_1_1))
                .build();
    }
}
