package dev.meshdojo.gateway.stream;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** What Envoy prints of certificates, in headers, logs and policy. Pure functions. */
public final class CertificateFields {

    private static final int RFC822_NAME = 1;
    private static final int DNS_NAME = 2;
    private static final int URI_NAME = 6;
    private static final int IP_NAME = 7;

    private static final Set<Integer> PRINTED = Set.of(RFC822_NAME, DNS_NAME, URI_NAME, IP_NAME);

    private CertificateFields() {}

    /** The subject in RFC 2253 form, most specific part first. */
    public static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    }

    /** The issuer in RFC 2253 form. */
    public static String issuer(X509Certificate certificate) {
        return certificate.getIssuerX500Principal().getName(X500Principal.RFC2253);
    }

    /** The serial number in lower-case hex. */
    public static String serial(X509Certificate certificate) {
        String hex = certificate.getSerialNumber().toString(16);
        return hex.length() % 2 == 0 ? hex : "0" + hex;
    }

    /** SHA-256 of the DER form in lower-case hex. */
    public static String sha256(X509Certificate certificate) {
        return digest("SHA-256", certificate);
    }

    /** SHA-1 of the DER form in lower-case hex. */
    public static String sha1(X509Certificate certificate) {
        return digest("SHA-1", certificate);
    }

    /** The PEM form, percent-encoded as in {@code x-forwarded-client-cert}. */
    public static String urlEncodedPem(X509Certificate certificate) {
        String body =
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded(certificate));
        String pem = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        return pem.replace("\n", "%0A")
                .replace(" ", "%20")
                .replace("+", "%2B")
                .replace("/", "%2F")
                .replace("=", "%3D");
    }

    /** URI subject alternative names. */
    public static List<String> uriSans(X509Certificate certificate) {
        return sans(certificate, URI_NAME);
    }

    /** DNS subject alternative names. */
    public static List<String> dnsSans(X509Certificate certificate) {
        return sans(certificate, DNS_NAME);
    }

    /** IP subject alternative names. */
    public static List<String> ipSans(X509Certificate certificate) {
        return sans(certificate, IP_NAME);
    }

    /** All of these names, in the certificate's order. */
    public static List<String> allSans(X509Certificate certificate) {
        return sans(certificate, -1);
    }

    /** Email subject alternative names. */
    public static List<String> emailSans(X509Certificate certificate) {
        return sans(certificate, RFC822_NAME);
    }

    private static List<String> sans(X509Certificate certificate, int type) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return List.of();
            }
            List<String> found = new ArrayList<>();
            for (List<?> name : names) {
                int kind = (Integer) name.get(0);
                boolean wanted = type < 0 ? PRINTED.contains(kind) : kind == type;
                if (wanted) {
                    String text = String.valueOf(name.get(1));
                    found.add(kind == IP_NAME ? AddressText.host(text) : text);
                }
            }
            return found;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static String digest(String algorithm, X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance(algorithm).digest(encoded(certificate));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks " + algorithm, e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("certificate: no DER form", e);
        }
    }
}
