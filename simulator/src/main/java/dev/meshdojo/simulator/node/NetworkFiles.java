package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apps.ContainerFiles;
import dev.meshdojo.simulator.apps.PodIdentity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The files about names that the kubelet gives each container. */
final class NetworkFiles {

    private NetworkFiles() {}

    static void mount(ContainerFiles files, PodIdentity pod, JsonNode spec) {
        mount(
                files,
                "/etc/resolv.conf",
                "search "
                        + pod.namespace()
                        + ".svc.cluster.local svc.cluster.local cluster.local\n"
                        + "nameserver 10.96.0.10\noptions ndots:5\n");
        mount(files, "/etc/hostname", pod.name() + "\n");
        StringBuilder hosts =
                new StringBuilder(
                        """
                        # Kubernetes-managed hosts file.
                        127.0.0.1\tlocalhost
                        ::1\tlocalhost ip6-localhost ip6-loopback
                        fe00::0\tip6-localnet
                        fe00::0\tip6-mcastprefix
                        fe00::1\tip6-allnodes
                        fe00::2\tip6-allrouters
                        """);
        hosts.append(pod.ip()).append('\t').append(pod.name()).append('\n');
        if (!spec.path("hostAliases").isEmpty()) {
            hosts.append("\n# Entries added by HostAliases.\n");
            for (JsonNode alias : spec.path("hostAliases")) {
                List<String> names = new ArrayList<>();
                alias.path("hostnames").forEach(name -> names.add(name.asText()));
                hosts.append(alias.path("ip").asText())
                        .append('\t')
                        .append(String.join("\t", names))
                        .append('\n');
            }
        }
        mount(files, "/etc/hosts", hosts.toString());
    }

    private static void mount(ContainerFiles files, String path, String text) {
        NavigableMap<String, byte[]> content = new TreeMap<>();
        content.put("", text.getBytes(StandardCharsets.UTF_8));
        files.mount(path, () -> content);
    }
}
