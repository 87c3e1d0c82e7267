package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Linux capabilities. */
final class CapabilityChecks {

    private static final Set<String> DEFAULT =
            Set.of(
                    "AUDIT_WRITE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "MKNOD",
                    "NET_BIND_SERVICE",
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYS_CHROOT");

    private CapabilityChecks() {}

    /** None is added beyond those that containers have anyway. */
    static @Nullable Violation added(PodView pod) {
        SortedSet<String> forbidden = new TreeSet<>();
        List<String> names = adding(pod, DEFAULT, forbidden);
        return names.isEmpty()
                ? null
                : new Violation("non-default capabilities", mustNotInclude(names, forbidden));
    }

    /** All are dropped, and only that to bind low ports is added again. */
    static @Nullable Violation kept(PodView pod) {
        List<String> details = new ArrayList<>();
        List<String> keeping = pod.containers(container -> !dropsAll(container));
        if (!keeping.isEmpty()) {
            details.add(
                    Violation.containers(keeping)
                            + " must set securityContext.capabilities.drop=[\"ALL\"]");
        }
        SortedSet<String> forbidden = new TreeSet<>();
        List<String> adding = adding(pod, Set.of("NET_BIND_SERVICE"), forbidden);
        if (!adding.isEmpty()) {
            details.add(mustNotInclude(adding, forbidden));
        }
        return details.isEmpty()
                ? null
                : new Violation("unrestricted capabilities", String.join("; ", details));
    }

    private static List<String> adding(
            PodView pod, Set<String> allowed, SortedSet<String> forbidden) {
        return pod.containers(
                container -> {
                    boolean bad = false;
                    for (JsonNode name : capabilities(container).path("add")) {
                        if (!allowed.contains(name.asText())) {
                            forbidden.add(name.asText());
                            bad = true;
                        }
                    }
                    return bad;
                });
    }

    private static boolean dropsAll(JsonNode container) {
        for (JsonNode name : capabilities(container).path("drop")) {
            if (name.asText().equals("ALL")) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode capabilities(JsonNode container) {
        return PodView.context(container).path("capabilities");
    }

    private static String mustNotInclude(List<String> names, SortedSet<String> forbidden) {
        return Violation.containers(names)
                + " must not include "
                + Violation.quoted(forbidden)
                + " in securityContext.capabilities.add";
    }
}
