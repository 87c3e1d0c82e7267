package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What pods may not take from their node. */
final class HostChecks {

    private static final List<String> PROBES =
            List.of(
                    "/livenessProbe",
                    "/readinessProbe",
                    "/startupProbe",
                    "/lifecycle/postStart",
                    "/lifecycle/preStop");

    private HostChecks() {}

    static @Nullable Violation namespaces(PodView pod) {
        List<String> shared =
                List.of("hostNetwork", "hostPID", "hostIPC").stream()
                        .filter(field -> pod.spec().path(field).asBoolean())
                        .map(field -> field + "=true")
                        .toList();
        return shared.isEmpty()
                ? null
                : new Violation("host namespaces", String.join(", ", shared));
    }

    static @Nullable Violation paths(PodView pod) {
        List<String> volumes = new ArrayList<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            if (volume.path("hostPath").isObject()) {
                volumes.add(volume.path("name").asText());
            }
        }
        return volumes.isEmpty()
                ? null
                : new Violation(
                        "hostPath volumes",
                        Violation.plural(volumes.size(), "volume ", "volumes ")
                                + Violation.quoted(volumes));
    }

    static @Nullable Violation ports(PodView pod) {
        SortedSet<String> ports = new TreeSet<>();
        List<String> names =
                pod.containers(
                        container -> {
                            boolean bad = false;
                            for (JsonNode port : container.path("ports")) {
                                if (port.path("hostPort").asInt() != 0) {
                                    ports.add(port.path("hostPort").asText());
                                    bad = true;
                                }
                            }
                            return bad;
                        });
        return names.isEmpty()
                ? null
                : new Violation(
                        "hostPort",
                        Violation.containers(names)
                                + Violation.plural(names.size(), " uses ", " use ")
                                + Violation.plural(ports.size(), "hostPort ", "hostPorts ")
                                + String.join(", ", ports));
    }

    static @Nullable Violation probes(PodView pod) {
        SortedSet<String> hosts = new TreeSet<>();
        List<String> names =
                pod.containers(container -> probes(container, hosts)).stream()
                        .sorted()
                        .distinct()
                        .toList();
        return names.isEmpty()
                ? null
                : new Violation(
                        "probe or lifecycle host",
                        Violation.containers(names)
                                + Violation.plural(names.size(), " uses ", " use ")
                                + Violation.plural(
                                        hosts.size(),
                                        "probe or lifecycle host ",
                                        "probe or lifecycle hosts ")
                                + Violation.quoted(hosts));
    }

    private static boolean probes(JsonNode container, SortedSet<String> hosts) {
        boolean bad = false;
        for (String probe : PROBES) {
            for (String way : List.of("httpGet", "tcpSocket")) {
                String host = container.at(probe).path(way).path("host").asText("");
                if (!host.isEmpty()) {
                    hosts.add(host);
                    bad = true;
                }
            }
        }
        return bad;
    }

    static @Nullable Violation privileged(PodView pod) {
        List<String> names =
                pod.containers(
                        container -> PodView.context(container).path("privileged").asBoolean());
        return names.isEmpty()
                ? null
                : new Violation(
                        "privileged",
                        Violation.containers(names)
                                + " must not set securityContext.privileged=true");
    }

    static @Nullable Violation procMount(PodView pod) {
        SortedSet<String> types = new TreeSet<>();
        List<String> names =
                pod.containers(
                        container -> {
                            String type =
                                    PodView.context(container).path("procMount").asText("Default");
                            if (!type.equals("Default")) {
                                types.add(type);
                            }
                            return !type.equals("Default");
                        });
        return names.isEmpty()
                ? null
                : new Violation(
                        "procMount",
                        Violation.containers(names)
                                + " must not set securityContext.procMount to "
                                + Violation.quoted(types));
    }

    static @Nullable Violation windowsProcess(PodView pod) {
        List<String> setters =
                Setters.of(
                        pod,
                        context -> context.path("windowsOptions").path("hostProcess").asBoolean());
        return setters.isEmpty()
                ? null
                : new Violation(
                        "hostProcess",
                        Setters.joined(setters)
                                + " must not set securityContext.windowsOptions.hostProcess=true");
    }
}
