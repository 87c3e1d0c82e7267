package dev.meshdojo.gateway.tls;

import dev.meshdojo.gateway.stream.CertificateFields;
import io.netty.handler.ssl.SslContext;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one of a listener's certificates for a client: by its server name, exact before wildcard,
 * and by the kind of key that it takes. Immutable and thread-safe.
 *
 * <p>Source: Envoy's default TLS certificate selector. Not modelled: OCSP staples, and {@code
 * full_scan_certs_on_sni_mismatch}, which is off.
 */
final class CertificateChoice {

    /** A certificate and the context that serves it. */
    record Served(KeyPair pair, SslContext context) {
        boolean ecdsa() {
            return pair.key().getAlgorithm().equals("EC");
        }
    }

    private final List<Served> all;
    private final Map<String, List<Served>> byName = new HashMap<>();

    /** A choice among {@code all}, which is not empty; earlier ones are preferred. */
    CertificateChoice(List<Served> all) {
        this.all = List.copyOf(all);
        for (Served served : all) {
            for (String name : names(served.pair().chain().getFirst())) {
                List<Served> known = byName.computeIfAbsent(name, none -> new ArrayList<>(2));
                if (known.stream().noneMatch(other -> other.ecdsa() == served.ecdsa())) {
                    known.add(served);
                }
            }
        }
    }

    /** Whether there is anything to choose. */
    boolean needsHello() {
        return all.size() > 1;
    }

    /** The context for a client; without a hello the first. */
    SslContext choose(@Nullable ClientHello hello) {
        if (hello == null || all.size() == 1) {
            return all.getFirst().context();
        }
        String name = hello.serverNameAsSent();
        if (name == null || name.isEmpty()) {
            Served fitting = fitting(all, hello.ecdsa());
            return (fitting == null ? all.getFirst() : fitting).context();
        }
        Served found = fitting(byName.getOrDefault(name, List.of()), hello.ecdsa());
        int dot = name.indexOf('.', 1);
        if (found == null && dot >= 0 && dot < name.length() - 1) {
            found = fitting(byName.getOrDefault(name.substring(dot), List.of()), hello.ecdsa());
        }
        return (found == null ? all.getFirst() : found).context();
    }

    /** The first with the kind of key asked for; those who take ECDSA take RSA too. */
    private static @Nullable Served fitting(List<Served> candidates, boolean ecdsa) {
        Served second = null;
        for (Served candidate : candidates) {
            if (candidate.ecdsa() == ecdsa) {
                return candidate;
            }
            if (ecdsa && second == null) {
                second = candidate;
            }
        }
        return second;
    }

    /** The names a certificate is for; wildcards as {@code .suffix}. */
    private static List<String> names(X509Certificate leaf) {
        List<String> names = new ArrayList<>(CertificateFields.dnsSans(leaf));
        if (names.isEmpty()) {
            String common = commonName(leaf);
            if (common != null) {
                names.add(common);
            }
        }
        names.replaceAll(
                name ->
                        (name.startsWith("*.") ? name.substring(1) : name)
                                .toLowerCase(Locale.ROOT));
        return names;
    }

    private static @Nullable String commonName(X509Certificate leaf) {
        try {
            for (Rdn part : new LdapName(CertificateFields.subject(leaf)).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException e) {
            return null;
        }
        return null;
    }
}
