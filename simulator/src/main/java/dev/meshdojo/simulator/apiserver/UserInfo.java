package dev.meshdojo.simulator.apiserver;

import java.util.List;
import java.util.Map;

/**
 * Who sends a request, after authentication and impersonation.
 *
 * @param username such as {@code kubernetes-admin} or {@code system:serviceaccount:ns:name}
 * @param uid empty when the authenticator knows none
 * @param groups in the order that {@code kubectl auth whoami} shows
 * @param extra what else the authenticator says, by key
 */
public record UserInfo(
        String username, String uid, List<String> groups, Map<String, List<String>> extra) {

    /** The group whose members may do everything. */
    public static final String MASTERS = "system:masters";

    /** Who sends no credentials. */
    public static final UserInfo ANONYMOUS =
            new UserInfo("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

    public UserInfo {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /** The identity of code in the same JVM: a control-plane component with full rights. */
    public static UserInfo controlPlane(String component) {
        return new UserInfo(
                "system:" + component, "", List.of(MASTERS, "system:authenticated"), Map.of());
    }
}
