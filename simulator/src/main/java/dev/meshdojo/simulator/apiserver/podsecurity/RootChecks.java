package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who containers run as, and whether they can become someone else. */
final class RootChecks {

    private RootChecks() {}

    static @Nullable Violation escalation(PodView pod) {
        List<String> names =
                pod.containers(
                        container ->
                                PodView.context(container)
                                        .path("allowPrivilegeEscalation")
                                        .asBoolean(true));
        return names.isEmpty()
                ? null
                : new Violation(
                        "allowPrivilegeEscalation != false",
                        Violation.containers(names)
                                + " must set securityContext.allowPrivilegeEscalation=false");
    }

    static @Nullable Violation nonRoot(PodView pod) {
        String reason = "runAsNonRoot != true";
        List<String> setters =
                Setters.of(pod, context -> !context.path("runAsNonRoot").asBoolean(true));
        if (!setters.isEmpty()) {
            return new Violation(
                    reason,
                    Setters.joined(setters) + " must not set securityContext.runAsNonRoot=false");
        }
        if (pod.context().path("runAsNonRoot").asBoolean()) {
            return null;
        }
        List<String> names =
                pod.containers(container -> !PodView.context(container).hasNonNull("runAsNonRoot"));
        return names.isEmpty()
                ? null
                : new Violation(
                        reason,
                        "pod or "
                                + Violation.containers(names)
                                + " must set securityContext.runAsNonRoot=true");
    }

    static @Nullable Violation user(PodView pod) {
        List<String> setters =
                Setters.of(
                        pod,
                        context -> {
                            JsonNode user = context.path("runAsUser");
                            return user.isNumber() && user.asLong() == 0;
                        });
        return setters.isEmpty()
                ? null
                : new Violation(
                        "runAsUser=0", Setters.joined(setters) + " must not set runAsUser=0");
    }
}
