package dev.meshdojo.simulator.apiserver.webhook;

import dev.meshdojo.simulator.golang.GoText;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts servers that show a certificate for a name, signed by given authorities, and says in Go's
 * words why it does not. Thread-safe.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private static final int DNS = 2;
    private static final int IP = 7;

    private final List<X509Certificate> authorities;
    private final X509TrustManager chains;
    private final String name;

    /**
     * @param authorities whom to trust; empty for those of the system
     * @param name a DNS name or an IP address
     */
    ServerTrust(Collection<X509Certificate> authorities, String name)
            throws GeneralSecurityException {
        this.authorities = List.copyOf(authorities);
        this.chains = chains(this.authorities);
        this.name = name;
    }

    private static X509TrustManager chains(List<X509Certificate> authorities)
            throws GeneralSecurityException {
        KeyStore store = null;
        if (!authorities.isEmpty()) {
            store = KeyStore.getInstance(KeyStore.getDefaultType());
            try {
                store.load(null, null);
            } catch (java.io.IOException e) {
                throw new GeneralSecurityException(e);
            }
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("ca" + i, authorities.get(i));
            }
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509 certificates");
    }

    private void check(X509Certificate[] chain, String authType) throws CertificateException {
        X509Certificate leaf = chain[0];
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Instant from = leaf.getNotBefore().toInstant();
        Instant to = leaf.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(to)) {
            throw new CertificateException(
                    "x509: certificate has expired or is not yet valid: current time "
                            + now
                            + (now.isBefore(from) ? " is before " + from : " is after " + to));
        }
        String mismatch = mismatch(leaf);
        if (mismatch != null) {
            throw new CertificateException("x509: " + mismatch);
        }
        try {
            chains.checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
            throw new CertificateException(
                    "x509: certificate signed by unknown authority" + hint(leaf), e);
        }
    }

    private String hint(X509Certificate leaf) {
        for (X509Certificate authority : authorities) {
            if (authority.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
                boolean rsa = authority.getPublicKey().getAlgorithm().equals("RSA");
                return " (possibly because of \""
                        + (rsa
                                ? "crypto/rsa: verification error"
                                : "x509: ECDSA verification failure")
                        + "\" while trying to verify candidate authority certificate "
                        + GoText.quote(commonName(authority))
                        + ")";
            }
        }
        return "";
    }

    private static String commonName(X509Certificate certificate) {
        for (String part : certificate.getSubjectX500Principal().getName().split(",")) {
            if (part.startsWith("CN=")) {
                return part.substring("CN=".length());
            }
        }
        return "";
    }

    /** Why the certificate is not one for the name, or null. */
    private @Nullable String mismatch(X509Certificate leaf) throws CertificateParsingException {
        boolean address = name.matches("[0-9.]+") || name.contains(":");
        List<String> names = alternatives(leaf, address ? IP : DNS);
        for (String candidate : names) {
            if (fits(candidate)) {
                return null;
            }
        }
        if (address) {
            return names.isEmpty()
                    ? "cannot validate certificate for "
                            + name
                            + " because it doesn't contain any IP SANs"
                    : "certificate is valid for " + String.join(", ", names) + ", not " + name;
        }
        if (!names.isEmpty()) {
            return "certificate is valid for " + String.join(", ", names) + ", not " + name;
        }
        boolean legacy =
                leaf.getSubjectAlternativeNames() == null
                        && commonName(leaf).matches("[A-Za-z0-9*._-]+");
        return legacy
                ? "certificate relies on legacy Common Name field, use SANs instead"
                : "certificate is not valid for any names, but wanted to match " + name;
    }

    private static List<String> alternatives(X509Certificate leaf, int kind)
            throws CertificateParsingException {
        List<String> names = new ArrayList<>();
        Collection<List<?>> all = leaf.getSubjectAlternativeNames();
        if (all != null) {
            for (List<?> entry : all) {
                if (entry.getFirst().equals(kind)) {
                    names.add(String.valueOf(entry.get(1)));
                }
            }
        }
        return names;
    }

    private boolean fits(String pattern) {
        String wanted = name.toLowerCase(Locale.ROOT);
        String given = pattern.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return wanted.equals(given)
                || (given.startsWith("*.")
                        && dot > 0
                        && wanted.substring(dot).equals(given.substring(1)));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
