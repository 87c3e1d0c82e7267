package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a Secret can serve as a gateway's credential. Pure. */
final class GatewayCredential {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN [^-]+-----\\s*([A-Za-z0-9+/=\\s]+?)-----END [^-]+-----");

    private GatewayCredential() {}

    /** Whether there is a key, and a certificate that is valid at a time. */
    static boolean usable(AnalyzedObject secret, Instant now) {
        for (List<String> keys : List.of(List.of("cert", "key"), List.of("tls.crt", "tls.key"))) {
            String certificate = value(secret, keys.get(0));
            if (!certificate.isEmpty() && !value(secret, keys.get(1)).isEmpty()) {
                return valid(certificate, now);
            }
        }
        return false;
    }

    private static String value(AnalyzedObject secret, String key) {
        Spec json = new Spec(secret.json());
        String plain = json.get("stringData").text(key);
        if (!plain.isEmpty()) {
            return plain;
        }
        try {
            return new String(
                    Base64.getMimeDecoder().decode(json.get("data").text(key)),
                    StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean valid(String pem, Instant now) {
        Matcher block = PEM.matcher(pem);
        if (!block.find()) {
            return false;
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(1));
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(der));
            return !now.isAfter(certificate.getNotAfter().toInstant())
                    && !now.isBefore(certificate.getNotBefore().toInstant());
        } catch (CertificateException | IllegalArgumentException e) {
            return false;
        }
    }
}
