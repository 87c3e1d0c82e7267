package dev.meshdojo.gateway.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a certificate chain against authorities and revocation lists, in BoringSSL's order of
 * checks and with its outcomes, since they choose the alert that the peer gets: the chain is built,
 * then extensions, revocation, signatures and validity are looked at. An authority need not be a
 * root, and its own validity counts. Immutable and thread-safe.
 */
final class ChainVerifier {

    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String SUBJECT_KEY = "2.5.29.14";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;
    private static final int CERTIFICATE_SIGNATURE = 5;

    /**
     * Why a chain is not accepted.
     *
     * @param code one of OpenSSL's {@code X509_V_ERR_*}
     * @param depth of the certificate in question; 0 is the leaf
     */
    record Failure(int code, int depth, String words) {}

    private final List<X509Certificate> authorities;
    private final List<X509CRL> lists;
    private final boolean leafOnly;

    /**
     * @param authorities trusted certificates; not empty
     * @param lists revocation lists; when there are any, each certificate looked at needs one
     * @param leafOnly whether only the leaf is looked up in them
     */
    ChainVerifier(List<X509Certificate> authorities, List<X509CRL> lists, boolean leafOnly) {
        this.authorities = List.copyOf(authorities);
        this.lists = List.copyOf(lists);
        this.leafOnly = leafOnly;
    }

    /**
     * Verifies {@code sent}, leaf first.
     *
     * @param client whether it is a client's certificate
     * @return null when it is accepted
     */
    @Nullable Failure verify(X509Certificate[] sent, boolean client) {
        List<X509Certificate> path = new ArrayList<>();
        Failure failure = build(sent, path);
        if (failure == null) {
            failure = extensions(path, client);
        }
        if (failure == null && !lists.isEmpty()) {
            failure = revocation(path);
        }
        if (failure == null) {
            failure = signatures(path);
        }
        return failure == null ? constraints(path) : failure;
    }

    private @Nullable Failure build(X509Certificate[] sent, List<X509Certificate> path) {
        List<X509Certificate> rest = new ArrayList<>(Arrays.asList(sent).subList(1, sent.length));
        X509Certificate top = sent[0];
        path.add(top);
        boolean trusted = authorities.contains(top);
        while (!selfIssued(top)) {
            X509Certificate issuer = issuer(top, authorities);
            if (issuer != null) {
                trusted = true;
            } else {
                issuer = trusted ? null : issuer(top, rest);
            }
            if (issuer == null || path.contains(issuer)) {
                break;
            }
            rest.remove(issuer);
            path.add(issuer);
            trusted |= authorities.contains(issuer);
            top = issuer;
        }
        if (trusted) {
            return null;
        }
        int depth = path.size() - 1;
        if (!selfIssued(top)) {
            return new Failure(20, depth, "unable to get local issuer certificate");
        }
        return depth == 0
                ? new Failure(18, 0, "self signed certificate")
                : new Failure(19, depth, "self signed certificate in certificate chain");
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate child, List<X509Certificate> candidates) {
        for (X509Certificate candidate : candidates) {
            if (candidate.getSubjectX500Principal().equals(child.getIssuerX500Principal())
                    && keysAgree(child, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** Whether the key that {@code child} names, if any, is {@code issuer}'s, if it names it. */
    private static boolean keysAgree(X509Certificate child, X509Certificate issuer) {
        byte[] wanted = child.getExtensionValue(AUTHORITY_KEY);
        byte[] known = issuer.getExtensionValue(SUBJECT_KEY);
        if (wanted == null || known == null || known.length <= 4) {
            return true;
        }
        // OCTET STRING in OCTET STRING; and SEQUENCE with the key tagged [0] in OCTET STRING.
        byte[] key = Arrays.copyOfRange(known, 4, known.length);
        boolean named = wanted.length > 6 && (wanted[4] & 0xff) == 0x80;
        return !named
                || Arrays.equals(
                        key,
                        Arrays.copyOfRange(
                                wanted, 6, Math.min(wanted.length, 6 + (wanted[5] & 0xff))));
    }

    private static @Nullable Failure extensions(List<X509Certificate> path, boolean client) {
        int length = 0;
        for (int i = 0; i < path.size(); i++) {
            X509Certificate certificate = path.get(i);
            boolean authority = i > 0;
            if (authority && !mayIssue(certificate)) {
                return new Failure(24, i, "invalid CA certificate");
            }
            if (!serves(certificate, authority, client)) {
                return new Failure(26, i, "unsupported certificate purpose");
            }
            int limit = certificate.getBasicConstraints();
            if (i > 1 && limit >= 0 && limit != Integer.MAX_VALUE && length > limit + 1) {
                return new Failure(25, i, "path length constraint exceeded");
            }
            if (!selfIssued(certificate)) {
                length++;
            }
        }
        return null;
    }

    private static boolean mayIssue(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[CERTIFICATE_SIGNATURE]) {
            return false;
        }
        return certificate.getBasicConstraints() >= 0
                || (certificate.getVersion() == 1 && selfIssued(certificate));
    }

    private static boolean serves(X509Certificate certificate, boolean authority, boolean client) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            String wanted = client ? CLIENT_AUTHENTICATION : SERVER_AUTHENTICATION;
            if (purposes != null && !purposes.contains(wanted)) {
                return false;
            }
        } catch (CertificateParsingException e) {
            return false;
        }
        boolean[] usage = certificate.getKeyUsage();
        return authority
                || usage == null
                || usage[DIGITAL_SIGNATURE]
                || usage[KEY_AGREEMENT]
                || (!client && usage[KEY_ENCIPHERMENT]);
    }

    private @Nullable Failure revocation(List<X509Certificate> path) {
        int last = leafOnly ? 0 : path.size() - 1;
        for (int i = 0; i <= last; i++) {
            X509Certificate certificate = path.get(i);
            X509CRL list = list(certificate);
            if (list == null) {
                return new Failure(3, i, "unable to get certificate CRL");
            }
            Instant now = Instant.now();
            if (list.getThisUpdate().toInstant().isAfter(now)) {
                return new Failure(11, i, "CRL is not yet valid");
            }
            if (list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(now)) {
                return new Failure(12, i, "CRL has expired");
            }
            X509Certificate issuer = path.get(Math.min(i + 1, path.size() - 1));
            try {
                list.verify(issuer.getPublicKey());
            } catch (GeneralSecurityException e) {
                return new Failure(8, i, "CRL signature failure");
            }
            if (list.isRevoked(certificate)) {
                return new Failure(23, i, "certificate revoked");
            }
        }
        return null;
    }

    private @Nullable X509CRL list(X509Certificate certificate) {
        for (X509CRL list : lists) {
            if (list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())) {
                return list;
            }
        }
        return null;
    }

    /** From the top down; the topmost certificate's own signature counts only when it is a root. */
    private static @Nullable Failure signatures(List<X509Certificate> path) {
        for (int i = path.size() - 1; i >= 0; i--) {
            X509Certificate certificate = path.get(i);
            boolean top = i == path.size() - 1;
            PublicKey key = path.get(top ? i : i + 1).getPublicKey();
            if (!top && !signedWith(certificate, key)) {
                return new Failure(7, i, "certificate signature failure");
            }
            try {
                certificate.checkValidity();
            } catch (CertificateExpiredException e) {
                return new Failure(10, i, "certificate has expired");
            } catch (CertificateNotYetValidException e) {
                return new Failure(9, i, "certificate is not yet valid");
            }
        }
        return null;
    }

    private static boolean signedWith(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Name constraints are judged by the Java runtime; it is asked only where there are some. */
    private static @Nullable Failure constraints(List<X509Certificate> path) {
        if (path.stream().noneMatch(each -> each.getExtensionValue(NAME_CONSTRAINTS) != null)) {
            return null;
        }
        X509CertSelector leaf = new X509CertSelector();
        leaf.setCertificate(path.getFirst());
        Set<TrustAnchor> anchors = new HashSet<>();
        X509Certificate top = path.getLast();
        anchors.add(new TrustAnchor(top, top.getExtensionValue(NAME_CONSTRAINTS)));
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(path)));
            parameters.setRevocationEnabled(false);
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return null;
        } catch (CertPathBuilderException | InvalidAlgorithmParameterException e) {
            return new Failure(47, 0, "permitted subtree violation");
        } catch (GeneralSecurityException e) {
            return new Failure(1, 0, "unspecified certificate verification error");
        }
    }

    private static boolean selfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}
