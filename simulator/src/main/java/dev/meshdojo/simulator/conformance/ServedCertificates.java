package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.conformance.wire.Credentials;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names certificates after the Secrets that hold them. */
final class ServedCertificates {

    private final Map<X509Certificate, String> names = new HashMap<>();

    ServedCertificates(List<ObjectNode> secrets) {
        for (ObjectNode secret : secrets) {
            JsonView view = JsonView.of(secret);
            for (String key : List.of("tls.crt", "cert")) {
                String pem = view.at("stringData").text(key);
                if (pem.isEmpty()) {
                    pem =
                            new String(
                                    Base64.getMimeDecoder().decode(view.at("data").text(key)),
                                    StandardCharsets.US_ASCII);
                }
                add(pem, view.at("metadata").text("name"));
            }
        }
    }

    /** The Secret's name; {@code unknown} with the subject for a certificate of nobody. */
    String name(X509Certificate certificate) {
        String known = names.get(certificate);
        return known == null
                ? "unknown (" + certificate.getSubjectX500Principal().getName() + ")"
                : known;
    }

    private void add(String pem, String name) {
        if (!pem.contains("BEGIN CERTIFICATE")) {
            return;
        }
        try {
            names.putIfAbsent(Credentials.certificates(pem).getFirst(), name);
        } catch (GeneralSecurityException e) {
            // A Secret that is broken on purpose names no certificate.
            return;
        }
    }
}
