package dev.meshdojo.simulator.network;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the network needs to know of one Service.
 *
 * @param clusterIps empty for headless and ExternalName Services
 * @param externalName the name it stands for, or null
 * @param affinitySeconds how long a client keeps its endpoint, 0 without session affinity
 * @param publishNotReady whether unready endpoints take part
 * @param externalIps {@code spec.externalIPs} and the addresses that a load balancer gave
 */
record ServiceRecord(
        String namespace,
        String name,
        String type,
        List<String> clusterIps,
        @Nullable String externalName,
        int affinitySeconds,
        boolean publishNotReady,
        List<String> externalIps,
        List<Port> ports) {

    ServiceRecord {
        clusterIps = List.copyOf(clusterIps);
        externalIps = List.copyOf(externalIps);
        ports = List.copyOf(ports);
    }

    /**
     * A Service port.
     *
     * @param name empty for a nameless one
     * @param nodePort 0 when there is none
     */
    record Port(String name, int port, String protocol, int nodePort, @Nullable String target) {}

    static ServiceRecord of(JsonNode service) {
        JsonNode spec = service.path("spec");
        List<String> ips = new ArrayList<>();
        for (JsonNode ip : spec.path("clusterIPs")) {
            ips.add(ip.asText());
        }
        if (ips.isEmpty() && spec.hasNonNull("clusterIP")) {
            ips.add(spec.path("clusterIP").asText());
        }
        ips.removeIf(ip -> ip.equals("None") || ip.isEmpty());
        List<String> external = new ArrayList<>();
        spec.path("externalIPs").forEach(ip -> external.add(ip.asText()));
        for (JsonNode ingress : service.path("status").path("loadBalancer").path("ingress")) {
            if (ingress.hasNonNull("ip")) {
                external.add(ingress.path("ip").asText());
            }
        }
        List<Port> ports = new ArrayList<>();
        for (JsonNode port : spec.path("ports")) {
            ports.add(
                    new Port(
                            port.path("name").asText(""),
                            port.path("port").asInt(),
                            port.path("protocol").asText("TCP"),
                            port.path("nodePort").asInt(0),
                            port.hasNonNull("targetPort")
                                    ? port.path("targetPort").asText()
                                    : null));
        }
        int affinity =
                spec.path("sessionAffinity").asText().equals("ClientIP")
                        ? spec.path("sessionAffinityConfig")
                                .path("clientIP")
                                .path("timeoutSeconds")
                                .asInt(10_800)
                        : 0;
        String type = spec.path("type").asText("ClusterIP");
        return new ServiceRecord(
                service.path("metadata").path("namespace").asText(),
                service.path("metadata").path("name").asText(),
                type,
                ips,
                type.equals("ExternalName") ? spec.path("externalName").asText() : null,
                affinity,
                spec.path("publishNotReadyAddresses").asBoolean(false),
                external,
                ports);
    }

    /** {@code namespace/name}. */
    String fullName() {
        return namespace + "/" + name;
    }

    /** Whether names resolve to the endpoints themselves. */
    boolean headless() {
        return clusterIps.isEmpty() && externalName == null;
    }

    /** The TCP port with that number, or null. */
    @Nullable Port tcpPort(int number) {
        for (Port port : ports) {
            if (port.port() == number && port.protocol().equals("TCP")) {
                return port;
            }
        }
        return null;
    }
}
