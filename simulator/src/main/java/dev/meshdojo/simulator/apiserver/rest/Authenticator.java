package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** Finds out who sends a request: client certificate, the cluster's own token, service accounts. */
public final class Authenticator {

    private static final String AUTHENTICATED = "system:authenticated";

    private final byte[] adminToken;
    private final UserInfo admin;
    private final Function<String, @Nullable UserInfo> serviceAccounts;

    /**
     * @param adminToken the bearer token of the kubeconfig
     * @param admin whom it stands for
     * @param serviceAccounts reads other tokens; null for those it does not accept
     */
    public Authenticator(
            String adminToken,
            UserInfo admin,
            Function<String, @Nullable UserInfo> serviceAccounts) {
        this.adminToken = adminToken.getBytes(StandardCharsets.UTF_8);
        this.admin = admin;
        this.serviceAccounts = serviceAccounts;
    }

    /** The user, or null when the request proves nobody. */
    @Nullable UserInfo authenticate(
            @Nullable String authorization, @Nullable X509Certificate certificate) {
        if (certificate != null) {
            return fromCertificate(certificate);
        }
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return null;
        }
        String token = authorization.substring(7).strip();
        if (MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), adminToken)) {
            return admin;
        }
        return serviceAccounts.apply(token);
    }

    private static @Nullable UserInfo fromCertificate(X509Certificate certificate) {
        String user = "";
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn part :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    user = part.getValue().toString();
                } else if (part.getType().equalsIgnoreCase("O")) {
                    groups.add(part.getValue().toString());
                }
            }
        } catch (InvalidNameException _) {
            return null;
        }
        groups.add(AUTHENTICATED);
        return new UserInfo(user, "", groups, Map.of());
    }
}
