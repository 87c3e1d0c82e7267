package dev.meshdojo.simulator.shell.command.openssl;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the chain from a certificate to a trusted CA, as OpenSSL's verify does, and says in its
 * words what is wrong.
 *
 * @param chain from the certificate up, as far as issuers were found
 * @param failure null when the chain holds
 */
record ChainCheck(List<X509Certificate> chain, @Nullable Failure failure) {

    ChainCheck {
        chain = List.copyOf(chain);
    }

    /**
     * What is wrong.
     *
     * @param code OpenSSL's number, as in {@code Verify return code: 20}
     * @param depth which certificate of the chain
     */
    record Failure(int code, String message, int depth) {}

    static ChainCheck of(
            X509Certificate leaf,
            List<X509Certificate> untrusted,
            List<X509Certificate> trusted,
            Instant now) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        while (true) {
            X509Certificate last = chain.getLast();
            int depth = chain.size() - 1;
            if (now.isBefore(last.getNotBefore().toInstant())) {
                return failed(chain, 9, "certificate is not yet valid", depth);
            }
            if (now.isAfter(last.getNotAfter().toInstant())) {
                return failed(chain, 10, "certificate has expired", depth);
            }
            if (trusted.contains(last)) {
                return new ChainCheck(chain, null);
            }
            if (signedBy(last, last)) {
                return depth == 0
                        ? failed(chain, 18, "self-signed certificate", depth)
                        : failed(chain, 19, "self-signed certificate in certificate chain", depth);
            }
            X509Certificate issuer = issuer(last, trusted);
            if (issuer == null) {
                issuer = issuer(last, untrusted);
            }
            if (issuer == null || chain.contains(issuer)) {
                return failed(chain, 20, "unable to get local issuer certificate", depth);
            }
            if (issuer.getBasicConstraints() < 0) {
                chain.add(issuer);
                return failed(chain, 79, "invalid CA certificate", depth + 1);
            }
            chain.add(issuer);
        }
    }

    private static ChainCheck failed(
            List<X509Certificate> chain, int code, String message, int depth) {
        return new ChainCheck(chain, new Failure(code, message, depth));
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate certificate, List<X509Certificate> candidates) {
        return candidates.stream()
                .filter(candidate -> signedBy(certificate, candidate))
                .findFirst()
                .orElse(null);
    }

    private static boolean signedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
