package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of projected volumes. */
final class ProjectionRules {

    private static final String CONFLICT = "conflicting duplicate paths";
    private static final long SHORTEST = 600;

    private ProjectionRules() {}

    static void validate(Check check, At projected) {
        check.fileMode(projected.get("defaultMode"));
        Set<String> paths = new HashSet<>();
        for (At source : projected.get("sources").items()) {
            int kinds = 0;
            for (String kind : List.of("secret", "configMap")) {
                At each = source.get(kind);
                if (each.set()) {
                    kinds++;
                    check.requiredText(each.get("name"), "");
                    for (At item : each.get("items").items()) {
                        VolumeRules.keyToPath(check, item);
                        once(check, projected, item, each.get("name").text(), paths);
                    }
                }
            }
            if (source.get("downwardAPI").set()) {
                kinds++;
                for (At item : source.get("downwardAPI", "items").items()) {
                    VolumeRules.downward(check, item.as(source.below("downwardAPI")));
                    once(check, projected, item, item.get("path").text(), paths);
                }
            }
            if (source.get("serviceAccountToken").set()) {
                kinds++;
                token(check, projected, source.get("serviceAccountToken"));
            }
            if (source.get("clusterTrustBundle").set()) {
                kinds++;
            }
            if (source.get("podCertificate").set()) {
                kinds++;
            }
            if (kinds > 1) {
                check.forbidden(source, "may not specify more than 1 volume type per source");
            }
        }
    }

    private static void once(Check check, At projected, At item, String shown, Set<String> paths) {
        String path = item.get("path").text();
        if (!path.isEmpty() && !paths.add(path)) {
            check.invalidText(projected.path(), shown, CONFLICT);
        }
    }

    private static void token(Check check, At projected, At token) {
        At expiration = token.get("expirationSeconds");
        if (expiration.number() < SHORTEST) {
            check.invalidNumber(expiration, "may not specify a duration less than 10 minutes");
        }
        if (expiration.number() > 1L << 32) {
            check.invalid(expiration, "may not specify a duration larger than 2^32 seconds");
        }
        At path = token.get("path").as(projected.below("path"));
        if (check.requiredText(path, "")) {
            VolumeRules.notReserved(check, path);
        }
    }
}
