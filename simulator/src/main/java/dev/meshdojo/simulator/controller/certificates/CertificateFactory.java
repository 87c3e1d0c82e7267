package dev.meshdojo.simulator.controller.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Makes X.509 certificates as a Certificate's spec wants them. */
final class CertificateFactory {

    private static final Duration DEFAULT_LIFE = Duration.ofDays(90);

    private CertificateFactory() {}

    /** What was made. */
    record Issued(X509CertificateHolder certificate, String chainPem, String caPem) {}

    /** Signs with {@code signer}, or with the key itself when that is null. */
    static Issued issue(
            JsonNode spec, KeyPair pair, KeyMaterial.@Nullable Signer signer, Instant now)
            throws GeneralSecurityException, IOException {
        X500Name subject = subject(spec);
        X500Name issuer = signer == null ? subject : signer.certificate().getSubject();
        PrivateKey key = signer == null ? pair.getPrivate() : signer.key();
        Instant end = now.plus(life(spec));
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16),
                        Date.from(now),
                        Date.from(end),
                        subject,
                        pair.getPublic());
        boolean ca = Fields.flag(spec, "isCA");
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage(spec, ca)));
        KeyPurposeId[] purposes = purposes(spec);
        if (purposes.length > 0) {
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        GeneralName[] names = names(spec);
        if (names.length > 0) {
            boolean critical = subject.getRDNs().length == 0;
            builder.addExtension(
                    Extension.subjectAlternativeName, critical, new GeneralNames(names));
        }
        try {
            X509CertificateHolder made =
                    builder.build(
                            new JcaContentSignerBuilder(KeyMaterial.signature(key)).build(key));
            String pem = KeyMaterial.pem(made);
            return new Issued(made, pem, signer == null ? pem : signer.certificatePem());
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** How long a certificate is valid; 90 days by default. */
    static Duration life(JsonNode spec) {
        return duration(Fields.text(spec, "duration"), DEFAULT_LIFE);
    }

    /** When a certificate is to be renewed: a third of its life before its end by default. */
    static Instant renewal(JsonNode spec, Instant start, Instant end) {
        Duration life = Duration.between(start, end);
        return end.minus(duration(Fields.text(spec, "renewBefore"), life.dividedBy(3)));
    }

    private static Duration duration(String text, Duration fallback) {
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
        } catch (java.time.format.DateTimeParseException e) {
            return fallback;
        }
    }

    private static X500Name subject(JsonNode spec) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        for (String organization : Fields.texts(spec, "subject", "organizations")) {
            name.addRDN(BCStyle.O, organization);
        }
        for (String unit : Fields.texts(spec, "subject", "organizationalUnits")) {
            name.addRDN(BCStyle.OU, unit);
        }
        String common = Fields.text(spec, "commonName");
        if (!common.isEmpty()) {
            name.addRDN(BCStyle.CN, common);
        }
        return name.build();
    }

    private static GeneralName[] names(JsonNode spec) {
        List<GeneralName> names = new ArrayList<>();
        add(names, spec, "dnsNames", GeneralName.dNSName);
        add(names, spec, "ipAddresses", GeneralName.iPAddress);
        add(names, spec, "uris", GeneralName.uniformResourceIdentifier);
        add(names, spec, "emailAddresses", GeneralName.rfc822Name);
        return names.toArray(GeneralName[]::new);
    }

    private static void add(List<GeneralName> names, JsonNode spec, String field, int tag) {
        Fields.texts(spec, field).forEach(value -> names.add(new GeneralName(tag, value)));
    }

    private static int usage(JsonNode spec, boolean ca) {
        List<String> usages = Fields.texts(spec, "usages");
        int bits = ca ? KeyUsage.keyCertSign : 0;
        if (usages.isEmpty()) {
            return bits | KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
        }
        for (String usage : usages) {
            bits |=
                    switch (usage) {
                        case "signing", "digital signature" -> KeyUsage.digitalSignature;
                        case "content commitment" -> KeyUsage.nonRepudiation;
                        case "key encipherment" -> KeyUsage.keyEncipherment;
                        case "key agreement" -> KeyUsage.keyAgreement;
                        case "data encipherment" -> KeyUsage.dataEncipherment;
                        case "cert sign" -> KeyUsage.keyCertSign;
                        case "crl sign" -> KeyUsage.cRLSign;
                        default -> 0;
                    };
        }
        return bits;
    }

    private static KeyPurposeId[] purposes(JsonNode spec) {
        List<KeyPurposeId> purposes = new ArrayList<>();
        for (String usage : Fields.texts(spec, "usages")) {
            switch (usage) {
                case "server auth" -> purposes.add(KeyPurposeId.id_kp_serverAuth);
                case "client auth" -> purposes.add(KeyPurposeId.id_kp_clientAuth);
                case "code signing" -> purposes.add(KeyPurposeId.id_kp_codeSigning);
                case "email protection" -> purposes.add(KeyPurposeId.id_kp_emailProtection);
                default -> {
                    continue;
                }
            }
        }
        return purposes.toArray(KeyPurposeId[]::new);
    }
}
