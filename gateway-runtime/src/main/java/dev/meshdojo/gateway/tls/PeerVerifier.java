package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.stream.CertificateFields;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges the peer's certificate as Envoy's default validator does: chain, then names, then pins.
 * Failures carry OpenSSL's verify codes, so that the peer gets the alert that BoringSSL would send.
 * Immutable and thread-safe.
 */
final class PeerVerifier extends X509ExtendedTrustManager {

    private static final Set<Integer> REVOCATION = Set.of(3, 8, 11, 12, 23);

    /** Any code without an alert of its own: the peer gets {@code certificate_unknown}. */
    private static final int NAME_OR_PIN = 29;

    /**
     * What a certificate must be.
     *
     * @param anchors the CAs; empty means that the chain is not verified
     * @param lists revocation lists
     * @param leafOnly whether only the leaf is looked up in them
     * @param names one of them must match a subject alternative name; empty means any
     * @param certificateHashes SHA-256 of acceptable leaf certificates, lower-case hex
     * @param keyPins SHA-256 of acceptable public keys, base64
     * @param acceptUntrusted whether any certificate is taken all the same
     */
    record Requirements(
            List<X509Certificate> anchors,
            List<X509CRL> lists,
            boolean leafOnly,
            List<Predicate<X509Certificate>> names,
            Set<String> certificateHashes,
            Set<String> keyPins,
            boolean acceptUntrusted) {

        Requirements {
            anchors = List.copyOf(anchors);
            lists = List.copyOf(lists);
            names = List.copyOf(names);
            certificateHashes = Set.copyOf(certificateHashes);
            keyPins = Set.copyOf(keyPins);
        }

        /** Whether more than the chain counts. */
        private boolean choosy() {
            return !names.isEmpty() || !certificateHashes.isEmpty() || !keyPins.isEmpty();
        }

        /** Whether there is nothing to judge by. */
        boolean none() {
            return anchors.isEmpty() && !choosy() && !acceptUntrusted;
        }
    }

    private final Requirements requirements;
    private final @Nullable ChainVerifier chains;

    PeerVerifier(Requirements requirements) {
        this.requirements = requirements;
        this.chains =
                requirements.anchors().isEmpty()
                        ? null
                        : new ChainVerifier(
                                requirements.anchors(),
                                requirements.lists(),
                                requirements.leafOnly());
    }

    /**
     * Whether a server asks for a certificate, and insists on it.
     *
     * @param required what the listener says; it counts only where there is a CA
     */
    ClientAuth asks(boolean required) {
        boolean insists =
                requirements.choosy()
                        ? !requirements.acceptUntrusted()
                        : required && !requirements.anchors().isEmpty();
        return insists || (required && !requirements.anchors().isEmpty())
                ? ClientAuth.REQUIRE
                : ClientAuth.OPTIONAL;
    }

    private void verify(X509Certificate[] chain, boolean client) throws CertificateException {
        if (requirements.acceptUntrusted()) {
            return;
        }
        ChainVerifier.Failure failure = chains == null ? null : chains.verify(chain, client);
        if (failure != null) {
            throw failure(
                    "X509_verify_cert: certificate verification error at depth "
                            + failure.depth()
                            + ": "
                            + (REVOCATION.contains(failure.code())
                                    ? "certificate revocation check against provided CRLs failed: "
                                    : "")
                            + failure.words(),
                    failure.code());
        }
        X509Certificate leaf = chain[0];
        if (!requirements.names().isEmpty()
                && requirements.names().stream().noneMatch(name -> name.test(leaf))) {
            throw failure(
                    "SAN matcher, certificate SANs are ["
                            + String.join(", ", CertificateFields.allSans(leaf))
                            + "]",
                    NAME_OR_PIN);
        }
        boolean pinned =
                !requirements.certificateHashes().isEmpty() || !requirements.keyPins().isEmpty();
        if (pinned && !matchesPin(leaf)) {
            throw failure("cert hash and spki", NAME_OR_PIN);
        }
    }

    private boolean matchesPin(X509Certificate leaf) throws CertificateException {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            String hash = HexFormat.of().formatHex(sha.digest(leaf.getEncoded()));
            String pin =
                    Base64.getEncoder()
                            .encodeToString(sha.digest(leaf.getPublicKey().getEncoded()));
            return requirements.certificateHashes().contains(hash)
                    || requirements.keyPins().contains(pin);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    private static CertificateException failure(String words, int code) {
        String message = "CERTIFICATE_VERIFY_FAILED:verify cert failed: " + words;
        return OpenSsl.isAvailable()
                ? new OpenSslCertificateException(message, code)
                : new CertificateException(message);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        verify(chain, true);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        verify(chain, false);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        verify(chain, true);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        verify(chain, false);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        verify(chain, true);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        verify(chain, false);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return requirements.anchors().toArray(new X509Certificate[0]);
    }
}
