package dev.meshdojo.simulator.shell.command.openssl;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/** A certificate in OpenSSL's words. Immutable. */
final class CertificateText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> KEY_USAGES =
            new TreeMap<>(
                    Map.of(
                            KeyUsage.digitalSignature, "Digital Signature",
                            KeyUsage.nonRepudiation, "Non Repudiation",
                            KeyUsage.keyEncipherment, "Key Encipherment",
                            KeyUsage.dataEncipherment, "Data Encipherment",
                            KeyUsage.keyAgreement, "Key Agreement",
                            KeyUsage.keyCertSign, "Certificate Sign",
                            KeyUsage.cRLSign, "CRL Sign"));
    private static final Map<KeyPurposeId, String> PURPOSES =
            Map.of(
                    KeyPurposeId.id_kp_serverAuth, "TLS Web Server Authentication",
                    KeyPurposeId.id_kp_clientAuth, "TLS Web Client Authentication",
                    KeyPurposeId.id_kp_codeSigning, "Code Signing",
                    KeyPurposeId.id_kp_emailProtection, "E-mail Protection");

    /** The names that {@code -ext} takes, with the titles they print under. */
    private static final Map<String, ASN1ObjectIdentifier> EXTENSIONS =
            Map.of(
                    "subjectAltName", Extension.subjectAlternativeName,
                    "basicConstraints", Extension.basicConstraints,
                    "keyUsage", Extension.keyUsage,
                    "extendedKeyUsage", Extension.extendedKeyUsage,
                    "subjectKeyIdentifier", Extension.subjectKeyIdentifier,
                    "authorityKeyIdentifier", Extension.authorityKeyIdentifier);

    private final X509Certificate certificate;
    private final X509CertificateHolder holder;

    CertificateText(X509Certificate certificate) throws IOException {
        this.certificate = certificate;
        try {
            this.holder = new JcaX509CertificateHolder(certificate);
        } catch (CertificateEncodingException e) {
            throw new IOException("cannot read the certificate: " + e.getMessage(), e);
        }
    }

    String subject() {
        return name(holder.getSubject());
    }

    String issuer() {
        return name(holder.getIssuer());
    }

    private static String name(X500Name name) {
        List<String> parts = new ArrayList<>();
        for (RDN rdn : name.getRDNs()) {
            var first = rdn.getFirst();
            parts.add(
                    BCStyle.INSTANCE.oidToDisplayName(first.getType())
                            + " = "
                            + IETFUtils.valueToString(first.getValue()).replace("\\", ""));
        }
        return String.join(", ", parts);
    }

    String notBefore() {
        return TIME.format(certificate.getNotBefore().toInstant());
    }

    String notAfter() {
        return TIME.format(certificate.getNotAfter().toInstant());
    }

    /** In upper-case hexadecimal, an even number of digits. */
    String serial() {
        String digits = certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    /**
     * Extensions by the names that {@code -ext} takes, comma-separated, in the certificate's order.
     *
     * @return empty when the certificate has none of them
     * @throws IOException for a name that is not known here
     */
    List<String> extensions(String names) throws IOException {
        Set<ASN1ObjectIdentifier> wanted = new HashSet<>();
        for (String each : names.split(",", -1)) {
            ASN1ObjectIdentifier known = EXTENSIONS.get(each.strip());
            if (known == null) {
                throw new IOException(
                        "Unknown extension name: "
                                + each
                                + " (known: "
                                + String.join(", ", EXTENSIONS.keySet().stream().sorted().toList())
                                + ")");
            }
            wanted.add(known);
        }
        Extensions all = holder.getExtensions();
        List<String> lines = new ArrayList<>();
        if (all != null) {
            for (ASN1ObjectIdentifier oid : all.getExtensionOIDs()) {
                if (wanted.contains(oid)) {
                    lines.addAll(extension(all.getExtension(oid)));
                }
            }
        }
        return List.copyOf(lines);
    }

    private static List<String> extension(Extension extension) {
        String critical = extension.isCritical() ? "critical" : "";
        ASN1ObjectIdentifier oid = extension.getExtnId();
        Object parsed = extension.getParsedValue();
        if (oid.equals(Extension.subjectAlternativeName)) {
            return titled(
                    "Subject Alternative Name", critical, names(GeneralNames.getInstance(parsed)));
        } else if (oid.equals(Extension.basicConstraints)) {
            BasicConstraints constraints = BasicConstraints.getInstance(parsed);
            BigInteger path = constraints.getPathLenConstraint();
            return titled(
                    "Basic Constraints",
                    critical,
                    "CA:"
                            + (constraints.isCA() ? "TRUE" : "FALSE")
                            + (path == null ? "" : ", pathlen:" + path));
        } else if (oid.equals(Extension.keyUsage)) {
            KeyUsage usage = KeyUsage.getInstance(parsed);
            List<String> held = new ArrayList<>();
            for (int bit :
                    List.of(
                            KeyUsage.digitalSignature,
                            KeyUsage.nonRepudiation,
                            KeyUsage.keyEncipherment,
                            KeyUsage.dataEncipherment,
                            KeyUsage.keyAgreement,
                            KeyUsage.keyCertSign,
                            KeyUsage.cRLSign)) {
                if (usage.hasUsages(bit)) {
                    held.add(String.valueOf(KEY_USAGES.get(bit)));
                }
            }
            return titled("Key Usage", critical, String.join(", ", held));
        } else if (oid.equals(Extension.extendedKeyUsage)) {
            List<String> held = new ArrayList<>();
            for (KeyPurposeId purpose : ExtendedKeyUsage.getInstance(parsed).getUsages()) {
                held.add(PURPOSES.getOrDefault(purpose, purpose.getId()));
            }
            return titled("Extended Key Usage", critical, String.join(", ", held));
        } else if (oid.equals(Extension.subjectKeyIdentifier)) {
            return titled(
                    "Subject Key Identifier",
                    critical,
                    colons(SubjectKeyIdentifier.getInstance(parsed).getKeyIdentifier()));
        } else if (oid.equals(Extension.authorityKeyIdentifier)) {
            byte[] key = AuthorityKeyIdentifier.getInstance(parsed).getKeyIdentifierOctets();
            return titled("Authority Key Identifier", critical, key == null ? "" : colons(key));
        }
        return List.of(
                oid.getId() + ": " + critical,
                "    " + colons(extension.getExtnValue().getOctets()));
    }

    private static List<String> titled(String title, String critical, String value) {
        return List.of("X509v3 " + title + ": " + critical, "    " + value);
    }

    private static String names(GeneralNames names) {
        List<String> parts = new ArrayList<>();
        for (GeneralName name : names.getNames()) {
            parts.add(
                    switch (name.getTagNo()) {
                        case GeneralName.dNSName -> "DNS:" + name.getName();
                        case GeneralName.uniformResourceIdentifier -> "URI:" + name.getName();
                        case GeneralName.rfc822Name -> "email:" + name.getName();
                        case GeneralName.iPAddress -> "IP Address:" + address(name);
                        default -> String.valueOf(name.getName());
                    });
        }
        return String.join(", ", parts);
    }

    private static String address(GeneralName name) {
        byte[] octets = ASN1OctetString.getInstance(name.getName()).getOctets();
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException e) {
            return colons(octets);
        }
    }

    static String colons(byte[] bytes) {
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(bytes);
    }

    /** The long form, {@code -text}. */
    List<String> all() {
        List<String> lines = new ArrayList<>();
        lines.add("Certificate:");
        lines.add("    Data:");
        lines.add(
                "        Version: %d (0x%x)"
                        .formatted(certificate.getVersion(), certificate.getVersion() - 1));
        lines.add("        Serial Number:");
        lines.add("            " + HexFormat.ofDelimiter(":").formatHex(serialBytes()));
        lines.add("        Signature Algorithm: " + signatureAlgorithm());
        lines.add("        Issuer: " + issuer());
        lines.add("        Validity");
        lines.add("            Not Before: " + notBefore());
        lines.add("            Not After : " + notAfter());
        lines.add("        Subject: " + subject());
        lines.add("        Subject Public Key Info:");
        lines.addAll(publicKey());
        Extensions extensions = holder.getExtensions();
        if (extensions != null) {
            lines.add("        X509v3 extensions:");
            for (ASN1ObjectIdentifier oid : extensions.getExtensionOIDs()) {
                extension(extensions.getExtension(oid))
                        .forEach(line -> lines.add("            " + line));
            }
        }
        lines.add("    Signature Algorithm: " + signatureAlgorithm());
        lines.add("    Signature Value:");
        lines.addAll(block(certificate.getSignature(), 18, "        "));
        return List.copyOf(lines);
    }

    private byte[] serialBytes() {
        byte[] bytes = certificate.getSerialNumber().toByteArray();
        return bytes.length > 1 && bytes[0] == 0
                ? Arrays.copyOfRange(bytes, 1, bytes.length)
                : bytes;
    }

    private String signatureAlgorithm() {
        String name = certificate.getSigAlgName();
        if (name.endsWith("withRSA")) {
            return name.replace("withRSA", "").toLowerCase(Locale.ROOT) + "WithRSAEncryption";
        }
        return name.endsWith("withECDSA") ? "ecdsa-with-" + name.replace("withECDSA", "") : name;
    }

    private List<String> publicKey() {
        PublicKey key = certificate.getPublicKey();
        return switch (key) {
            case RSAPublicKey rsa -> {
                List<String> lines = new ArrayList<>();
                lines.add("            Public Key Algorithm: rsaEncryption");
                lines.add("                Public-Key: (" + rsa.getModulus().bitLength() + " bit)");
                lines.add("                Modulus:");
                lines.addAll(block(rsa.getModulus().toByteArray(), 15, "                    "));
                lines.add(
                        "                Exponent: %d (0x%x)"
                                .formatted(rsa.getPublicExponent(), rsa.getPublicExponent()));
                yield lines;
            }
            case ECPublicKey ec -> {
                int bits = ec.getParams().getCurve().getField().getFieldSize();
                List<String> lines = new ArrayList<>();
                lines.add("            Public Key Algorithm: id-ecPublicKey");
                lines.add("                Public-Key: (" + bits + " bit)");
                lines.add("                NIST CURVE: P-" + bits);
                yield lines;
            }
            default -> List.of("            Public Key Algorithm: " + key.getAlgorithm());
        };
    }

    private static List<String> block(byte[] bytes, int width, String indent) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += width) {
            int end = Math.min(bytes.length, at + width);
            String hex = HexFormat.ofDelimiter(":").formatHex(bytes, at, end);
            lines.add(indent + hex + (end < bytes.length ? ":" : ""));
        }
        return lines;
    }
}
