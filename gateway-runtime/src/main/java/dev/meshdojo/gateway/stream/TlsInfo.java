package dev.meshdojo.gateway.stream;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The downstream TLS session.
 *
 * @param version as Envoy prints it, such as {@code TLSv1.3}
 * @param cipherSuite the OpenSSL or IANA name, such as {@code TLS_AES_128_GCM_SHA256}
 * @param alpn the protocol agreed on, or null
 * @param sessionId lower-case hex; empty when there is none
 * @param peerChain the client's certificates, leaf first; empty when it sent none
 * @param peerValidated whether the chain was verified against a CA
 * @param localCertificate the certificate served, or null when unknown
 */
public record TlsInfo(
        String version,
        String cipherSuite,
        @Nullable String alpn,
        String sessionId,
        List<X509Certificate> peerChain,
        boolean peerValidated,
        @Nullable X509Certificate localCertificate) {

    public TlsInfo {
        peerChain = List.copyOf(peerChain);
    }

    /** The client's leaf certificate, or null when it sent none. */
    public @Nullable X509Certificate peerCertificate() {
        return peerChain.isEmpty() ? null : peerChain.getFirst();
    }
}
