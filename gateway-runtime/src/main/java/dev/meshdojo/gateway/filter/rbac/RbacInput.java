package dev.meshdojo.gateway.filter.rbac;

import dev.meshdojo.gateway.stream.CertificateFields;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.TlsInfo;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What policies look at.
 *
 * @param request null on a TCP connection
 * @param info the stream's facts
 */
public record RbacInput(@Nullable RequestHead request, StreamInfo info) {

    /**
     * The validated peer's names: URI SANs, else DNS SANs, else the subject; empty without mTLS.
     */
    List<String> peerNames() {
        X509Certificate certificate = peer();
        if (certificate == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>(CertificateFields.uriSans(certificate));
        if (names.isEmpty()) {
            names.addAll(CertificateFields.dnsSans(certificate));
        }
        if (names.isEmpty()) {
            names.add(CertificateFields.subject(certificate));
        }
        return names;
    }

    /** The peer's mesh identity, a {@code spiffe://} URI; null without one. */
    @Nullable String meshPrincipal() {
        X509Certificate certificate = peer();
        if (certificate == null) {
            return null;
        }
        return CertificateFields.uriSans(certificate).stream()
                .filter(uri -> uri.startsWith("spiffe://"))
                .findFirst()
                .orElse(null);
    }

    private @Nullable X509Certificate peer() {
        TlsInfo tls = info.tls();
        return tls == null || !tls.peerValidated() ? null : tls.peerCertificate();
    }
}
