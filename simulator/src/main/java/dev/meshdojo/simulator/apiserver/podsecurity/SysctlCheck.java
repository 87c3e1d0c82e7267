package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kernel parameters that may be set, by the minor version that first allowed them. */
final class SysctlCheck {

    private static final Map<String, Integer> SAFE =
            Map.ofEntries(
                    Map.entry("kernel.shm_rmid_forced", 0),
                    Map.entry("net.ipv4.ip_local_port_range", 0),
                    Map.entry("net.ipv4.tcp_syncookies", 0),
                    Map.entry("net.ipv4.ping_group_range", 0),
                    Map.entry("net.ipv4.ip_unprivileged_port_start", 0),
                    Map.entry("net.ipv4.ip_local_reserved_ports", 27),
                    Map.entry("net.ipv4.tcp_keepalive_time", 29),
                    Map.entry("net.ipv4.tcp_fin_timeout", 29),
                    Map.entry("net.ipv4.tcp_keepalive_intvl", 29),
                    Map.entry("net.ipv4.tcp_keepalive_probes", 29),
                    Map.entry("net.ipv4.tcp_rmem", 32),
                    Map.entry("net.ipv4.tcp_wmem", 32));

    private SysctlCheck() {}

    static @Nullable Violation check(PodView pod, int minor) {
        List<String> forbidden = new ArrayList<>();
        for (JsonNode sysctl : pod.context().path("sysctls")) {
            String name = sysctl.path("name").asText();
            if (SAFE.getOrDefault(name, Integer.MAX_VALUE) > minor) {
                forbidden.add(name);
            }
        }
        return forbidden.isEmpty()
                ? null
                : new Violation("forbidden sysctls", String.join(", ", forbidden));
    }
}
