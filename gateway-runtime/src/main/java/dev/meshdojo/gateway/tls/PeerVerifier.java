package dev.meshdojo.gateway.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
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

    // X509_V_ERR_* of OpenSSL.
    private static final int UNSPECIFIED = 1;

    /** Any code without an alert of its own: the peer gets {@code certificate_unknown}. */
    private static final int NAME_OR_PIN = 29;

    private static final int UNABLE_TO_GET_ISSUER_CERT_LOCALLY = 20;
    private static final int UNABLE_TO_GET_CRL = 3;
    private static final int DEPTH_ZERO_SELF_SIGNED = 18;
    private static final int SELF_SIGNED_IN_CHAIN = 19;
    private static final int CERT_NOT_YET_VALID = 9;
    private static final int CERT_HAS_EXPIRED = 10;
    private static final int CERT_REVOKED = 23;
    private static final int INVALID_PURPOSE = 26;

    /**
     * What a certificate must be.
     *
     * @param anchors the CAs; empty means that the chain is not verified
     * @param lists revocation lists
     * @param names one of them must match a subject alternative name; empty means any
     * @param certificateHashes SHA-256 of acceptable leaf certificates, lower-case hex
     * @param keyPins SHA-256 of acceptable public keys, base64
     * @param acceptUntrusted whether a chain that does not verify is taken all the same
     */
    record Requirements(
            List<X509Certificate> anchors,
            List<X509CRL> lists,
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
    }

    private final Requirements requirements;

    PeerVerifier(Requirements requirements) {
        this.requirements = requirements;
    }

    private void verify(X509Certificate[] chain, String purpose) throws CertificateException {
        if (!requirements.anchors().isEmpty() && !requirements.acceptUntrusted()) {
            purpose(chain[0], purpose);
            path(chain);
        }
        X509Certificate leaf = chain[0];
        if (!requirements.names().isEmpty()
                && requirements.names().stream().noneMatch(name -> name.test(leaf))) {
            throw failure("verify SAN list", NAME_OR_PIN, null);
        }
        boolean pinned =
                !requirements.certificateHashes().isEmpty() || !requirements.keyPins().isEmpty();
        if (pinned && !matchesPin(leaf)) {
            throw failure("cert hash and spki", NAME_OR_PIN, null);
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

    private static void purpose(X509Certificate leaf, String purpose) throws CertificateException {
        try {
            List<String> usages = leaf.getExtendedKeyUsage();
            if (usages != null && !usages.contains(purpose) && !usages.contains("2.5.29.37.0")) {
                throw failure(0, "unsupported certificate purpose", INVALID_PURPOSE, null);
            }
        } catch (CertificateParsingException e) {
            throw failure(String.valueOf(e.getMessage()), UNSPECIFIED, e);
        }
    }

    private void path(X509Certificate[] chain) throws CertificateException {
        X509CertSelector leaf = new X509CertSelector();
        leaf.setCertificate(chain[0]);
        Set<TrustAnchor> anchors = new HashSet<>();
        for (X509Certificate anchor : requirements.anchors()) {
            if (anchor.equals(chain[0])) {
                validity(0, anchor);
                return;
            }
            anchors.add(new TrustAnchor(anchor, null));
        }
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
            List<Object> known = new ArrayList<>(List.of(chain));
            known.addAll(requirements.lists());
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
            CertPathBuilder builder = CertPathBuilder.getInstance("PKIX");
            parameters.setRevocationEnabled(false);
            if (!requirements.lists().isEmpty()
                    && builder.getRevocationChecker() instanceof PKIXRevocationChecker checker) {
                checker.setOptions(
                        Set.of(
                                PKIXRevocationChecker.Option.PREFER_CRLS,
                                PKIXRevocationChecker.Option.NO_FALLBACK));
                parameters.addCertPathChecker(checker);
            }
            builder.build(parameters);
        } catch (CertPathBuilderException e) {
            throw failure(e, chain);
        } catch (InvalidAlgorithmParameterException e) {
            throw unknownIssuer(chain, e);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    private static void validity(int depth, X509Certificate certificate)
            throws CertificateException {
        try {
            certificate.checkValidity();
        } catch (java.security.cert.CertificateExpiredException e) {
            throw failure(depth, "certificate has expired", CERT_HAS_EXPIRED, e);
        } catch (java.security.cert.CertificateNotYetValidException e) {
            throw failure(depth, "certificate is not yet valid", CERT_NOT_YET_VALID, e);
        }
    }

    private CertificateException failure(CertPathBuilderException cause, X509Certificate[] chain)
            throws CertificateException {
        if (!(cause.getCause() instanceof CertPathValidatorException path)) {
            return unknownIssuer(chain, cause);
        }
        int depth = Math.max(0, path.getIndex());
        return switch (path.getReason()) {
            case CertPathValidatorException.BasicReason.REVOKED ->
                    failure(depth, "certificate revoked", CERT_REVOKED, cause);
            case CertPathValidatorException.BasicReason.UNDETERMINED_REVOCATION_STATUS ->
                    failure(depth, "unable to get certificate CRL", UNABLE_TO_GET_CRL, cause);
            case CertPathValidatorException.BasicReason.EXPIRED ->
                    failure(depth, "certificate has expired", CERT_HAS_EXPIRED, cause);
            case CertPathValidatorException.BasicReason.NOT_YET_VALID ->
                    failure(depth, "certificate is not yet valid", CERT_NOT_YET_VALID, cause);
            default -> unknownIssuer(chain, cause);
        };
    }

    /** Follows the chain as sent to the certificate whose issuer nobody vouches for. */
    private CertificateException unknownIssuer(X509Certificate[] chain, Throwable cause)
            throws CertificateException {
        List<X509Certificate> path = new ArrayList<>(List.of(chain[0]));
        List<X509Certificate> rest = new ArrayList<>(Arrays.asList(chain).subList(1, chain.length));
        X509Certificate top = chain[0];
        while (!selfIssued(top)) {
            X509Certificate child = top;
            X509Certificate issuer =
                    rest.stream()
                            .filter(
                                    other ->
                                            other.getSubjectX500Principal()
                                                    .equals(child.getIssuerX500Principal()))
                            .findFirst()
                            .orElse(null);
            if (issuer == null) {
                break;
            }
            rest.remove(issuer);
            path.add(issuer);
            top = issuer;
        }
        int depth = path.size() - 1;
        if (anchored(top)) {
            for (int i = depth; i >= 0; i--) {
                validity(i, path.get(i));
            }
        }
        if (!selfIssued(top)) {
            return failure(
                    depth,
                    "unable to get local issuer certificate",
                    UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                    cause);
        }
        return depth == 0
                ? failure(0, "self signed certificate", DEPTH_ZERO_SELF_SIGNED, cause)
                : failure(
                        depth,
                        "self signed certificate in certificate chain",
                        SELF_SIGNED_IN_CHAIN,
                        cause);
    }

    private boolean anchored(X509Certificate top) {
        return requirements.anchors().stream()
                .anyMatch(
                        anchor ->
                                anchor.getSubjectX500Principal()
                                        .equals(top.getIssuerX500Principal()));
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static CertificateException failure(
            int depth, String words, int code, @Nullable Throwable cause) {
        return failure(
                "X509_verify_cert: certificate verification error at depth " + depth + ": " + words,
                code,
                cause);
    }

    private static CertificateException failure(String words, int code, @Nullable Throwable cause) {
        String message = "CERTIFICATE_VERIFY_FAILED:verify cert failed: " + words;
        if (!OpenSsl.isAvailable()) {
            return new CertificateException(message, cause);
        }
        return new OpenSslCertificateException(message, cause, code);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        verify(chain, "1.3.6.1.5.5.7.3.2");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        verify(chain, "1.3.6.1.5.5.7.3.1");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        verify(chain, "1.3.6.1.5.5.7.3.2");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        verify(chain, "1.3.6.1.5.5.7.3.1");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        verify(chain, "1.3.6.1.5.5.7.3.2");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        verify(chain, "1.3.6.1.5.5.7.3.1");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return requirements.anchors().toArray(new X509Certificate[0]);
    }
}
