package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.GoText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Rules for {@code tls} of a Gateway's server or a Sidecar's ingress listener. Pure. */
final class ServerTlsRules {

    private static final int MAX_CERTIFICATES = 2;
    private static final Set<String> CIPHER_SUITES =
            Set.of(
                    "ECDHE-ECDSA-AES128-GCM-SHA256",
                    "ECDHE-RSA-AES128-GCM-SHA256",
                    "ECDHE-ECDSA-AES256-GCM-SHA384",
                    "ECDHE-RSA-AES256-GCM-SHA384",
                    "ECDHE-ECDSA-CHACHA20-POLY1305",
                    "ECDHE-RSA-CHACHA20-POLY1305",
                    "ECDHE-ECDSA-AES128-SHA",
                    "ECDHE-RSA-AES128-SHA",
                    "ECDHE-ECDSA-AES256-SHA",
                    "ECDHE-RSA-AES256-SHA",
                    "AES128-GCM-SHA256",
                    "AES256-GCM-SHA384",
                    "AES128-SHA",
                    "AES256-SHA",
                    "DES-CBC3-SHA");

    private ServerTlsRules() {}

    static String mode(Spec tls) {
        return tls.text("mode").isEmpty() ? "PASSTHROUGH" : tls.text("mode");
    }

    static Review review(Spec tls) {
        Review review = new Review();
        if (!tls.present()) {
            return review;
        }
        ciphers(tls, review);
        String mode = mode(tls);
        switch (mode) {
            case "ISTIO_MUTUAL" -> {
                istioMutual(tls, review);
                return review;
            }
            case "PASSTHROUGH", "AUTO_PASSTHROUGH" -> {
                if (!tls.text("caCrl").isEmpty()
                        || !tls.text("caCertificates").isEmpty()
                        || !tls.text("serverCertificate").isEmpty()
                        || !tls.text("privateKey").isEmpty()
                        || hasCredential(tls)
                        || !tls.list("tlsCertificates").isEmpty()) {
                    review.warn(mode + " mode does not use certificates, they will be ignored");
                }
            }
            default -> {}
        }
        int sources =
                (tls.text("serverCertificate").isEmpty() || tls.text("privateKey").isEmpty()
                                ? 0
                                : 1)
                        + (tls.text("credentialName").isEmpty() ? 0 : 1)
                        + (tls.texts("credentialNames").isEmpty() ? 0 : 1)
                        + (tls.list("tlsCertificates").isEmpty() ? 0 : 1);
        if (sources > 1) {
            review.error(
                    "only one of credential_name, credential_names, server_certificate/private_key,"
                            + " tls_certificates should be specified");
        }
        boolean mutual = mode.equals("MUTUAL") || mode.equals("OPTIONAL_MUTUAL");
        boolean terminates = mutual || mode.equals("SIMPLE");
        if (terminates && hasCredential(tls)) {
            return review;
        }
        if (terminates) {
            certificates(tls, mutual, review);
        }
        if (!tls.text("caCrl").isEmpty()) {
            if (!tls.text("credentialName").isEmpty()) {
                review.error(
                        "CRL is not supported with credentialName. CRL has to be specified in the"
                                + " credential");
            }
            if (mode.equals("SIMPLE")) {
                review.error("CRL is not supported with SIMPLE TLS");
            }
        }
        return review;
    }

    private static boolean hasCredential(Spec tls) {
        return !tls.text("credentialName").isEmpty() || !tls.texts("credentialNames").isEmpty();
    }

    private static void ciphers(Spec tls, Review review) {
        String minimum = tls.text("minProtocolVersion");
        List<String> suites = tls.texts("cipherSuites");
        if ((minimum.equals("TLSV1_0") || minimum.equals("TLSV1_1")) && suites.isEmpty()) {
            review.warn(
                    "TLS version below TLSV1_2 require setting compatible ciphers as by default they no"
                            + " longer include compatible ciphers.");
        }
        Set<String> invalid = new TreeSet<>();
        Set<String> duplicate = new TreeSet<>();
        Set<String> valid = new LinkedHashSet<>();
        for (String suite : suites) {
            if (!isValid(suite)) {
                invalid.add(suite);
            } else if (!valid.add(suite)) {
                duplicate.add(suite);
            }
        }
        if (!invalid.isEmpty()) {
            review.warn("ignoring invalid cipher suites: [" + String.join(" ", invalid) + "]");
        }
        if (!duplicate.isEmpty()) {
            review.warn("ignoring duplicate cipher suites: [" + String.join(" ", duplicate) + "]");
        }
    }

    /** Expressions such as {@code -ALL} pass; only plain names are looked up. */
    private static boolean isValid(String suite) {
        return suite.isEmpty()
                || suite.equals("ALL")
                || !Character.isLetterOrDigit(suite.charAt(0))
                || CIPHER_SUITES.contains(suite);
    }

    private static void istioMutual(Spec tls, Review review) {
        String[][] fields = {
            {"serverCertificate", "server certificate"},
            {"privateKey", "private key"},
            {"caCertificates", "CA bundle"},
            {"tlsCertificates", "tlsCertificates"},
            {"credentialName", "credentialName"},
            {"credentialNames", "credentialNames"}
        };
        for (String[] field : fields) {
            if (!tls.text(field[0]).isEmpty() || !tls.list(field[0]).isEmpty()) {
                review.error("ISTIO_MUTUAL TLS cannot have associated " + field[1]);
            }
        }
    }

    private static void certificates(Spec tls, boolean mutual, Review review) {
        String prefix = mutual ? "MUTUAL TLS" : "SIMPLE TLS";
        if (mutual && tls.text("caCertificates").isEmpty()) {
            review.error(prefix + " requires a client CA bundle");
        }
        List<Spec> certificates = tls.list("tlsCertificates");
        if (certificates.size() > MAX_CERTIFICATES) {
            review.warn(prefix + " can support up to 2 server certificates");
        }
        for (Spec certificate : certificates.isEmpty() ? List.of(tls) : certificates) {
            if (certificate.text("serverCertificate").isEmpty()) {
                review.error(prefix + " requires a server certificate");
            }
            if (certificate.text("privateKey").isEmpty()) {
                review.error(prefix + " requires a private key");
            }
        }
    }

    /** How Go prints a port message. */
    static String printPort(Spec port) {
        StringBuilder text = new StringBuilder();
        if (port.number("number") != 0) {
            text.append("number:").append(port.number("number"));
        }
        for (String field : new String[] {"protocol", "name"}) {
            if (!port.text(field).isEmpty()) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(field)
                        .append(':')
                        .append(GoText.quote(port.text(field)));
            }
        }
        return text.toString();
    }
}
