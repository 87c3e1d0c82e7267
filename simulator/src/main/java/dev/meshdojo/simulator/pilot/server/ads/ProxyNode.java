package dev.meshdojo.simulator.pilot.server.ads;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a proxy says of itself in its first request.
 *
 * @param identity whom translation is for
 * @param serviceAccount the proxy's service account; empty when it names none
 * @param clusterId the cluster it says it runs in
 * @param istioVersion the version of its agent; empty when it names none
 */
record ProxyNode(
        ProxyIdentity identity, String serviceAccount, String clusterId, String istioVersion) {

    /**
     * Reads a node as Istio's agent writes it: {@code router~IP~POD.NAMESPACE~DOMAIN} and metadata.
     *
     * @throws IllegalArgumentException in istiod's words when it is no such node
     */
    static ProxyNode parse(Node node) {
        String[] parts = node.getId().split("~", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    "missing parts in the service node \"" + node.getId() + "\"");
        }
        if (!List.of("sidecar", "router", "waypoint", "ztunnel").contains(parts[0])) {
            throw new IllegalArgumentException(
                    "invalid node type (valid types: [sidecar router waypoint ztunnel]) in the"
                            + " service node \""
                            + node.getId()
                            + "\"");
        }
        if (!parts[0].equals("router")) {
            throw new IllegalArgumentException(
                    "node type "
                            + parts[0]
                            + ": only gateways are served here; use router~… in the service node \""
                            + node.getId()
                            + "\"");
        }
        Struct metadata = node.getMetadata();
        String ip = parts[1];
        String first = text(metadata, "INSTANCE_IPS").split(",", 2)[0].trim();
        if (isAddress(first)) {
            ip = first;
        }
        if (!isAddress(ip)) {
            throw new IllegalArgumentException(
                    "no valid IP address in the service node id or metadata");
        }
        String domain = parts[3];
        String namespace = text(metadata, "NAMESPACE");
        if (namespace.isEmpty() && domain.contains(".")) {
            namespace = domain.substring(0, domain.indexOf('.'));
        }
        String pod = parts[2];
        String suffix = "." + namespace;
        if (pod.endsWith(suffix)) {
            pod = pod.substring(0, pod.length() - suffix.length());
        }
        return new ProxyNode(
                new ProxyIdentity(
                        ProxyIdentity.Role.ROUTER,
                        namespace,
                        pod,
                        ip,
                        labels(metadata),
                        environment(metadata)),
                text(metadata, "SERVICE_ACCOUNT"),
                text(metadata, "CLUSTER_ID"),
                text(metadata, "ISTIO_VERSION"));
    }

    /** The pod's name and namespace, which istiod calls the proxy. */
    String proxy() {
        return identity.pod() + "." + identity.namespace();
    }

    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Map<String, String> labels(Struct metadata) {
        Map<String, String> labels = new HashMap<>();
        metadata.getFieldsOrDefault("LABELS", Value.getDefaultInstance())
                .getStructValue()
                .getFieldsMap()
                .forEach((name, value) -> labels.put(name, value.getStringValue()));
        return labels;
    }

    /** The agent makes metadata of the environment's {@code ISTIO_META_*}; this is the way back. */
    private static Map<String, String> environment(Struct metadata) {
        Map<String, String> environment = new HashMap<>();
        metadata.getFieldsMap()
                .forEach(
                        (name, value) -> {
                            String text = text(value);
                            if (!text.isEmpty()) {
                                environment.put("ISTIO_META_" + name, text);
                            }
                        });
        return environment;
    }

    private static String text(Struct metadata, String name) {
        return text(metadata.getFieldsOrDefault(name, Value.getDefaultInstance()));
    }

    private static String text(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case NUMBER_VALUE -> String.valueOf(value.getNumberValue());
            default -> "";
        };
    }
}
