package dev.meshdojo.simulator.istio.proxy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Map;

/**
 * The pod that a gateway's proxy runs in, or pretends to run in. Immutable.
 *
 * @param name the pod's name
 * @param namespace its namespace
 * @param ip its address
 * @param workload what made it, such as a Deployment's name
 * @param serviceAccount its service account; empty to say none
 * @param labels its labels, which Gateways select
 */
public record ProxyPod(
        String name,
        String namespace,
        String ip,
        String workload,
        String serviceAccount,
        Map<String, String> labels) {

    public ProxyPod {
        labels = Map.copyOf(labels);
    }

    /** The node id: {@code router~IP~POD.NAMESPACE~NAMESPACE.svc.cluster.local}. */
    public String nodeId() {
        return "router~"
                + ip
                + "~"
                + name
                + "."
                + namespace
                + "~"
                + namespace
                + ".svc.cluster.local";
    }

    /** The service cluster: {@code WORKLOAD.NAMESPACE}. */
    public String serviceCluster() {
        return workload + "." + namespace;
    }

    /**
     * The node as the agent writes it into the bootstrap.
     *
     * @param istioVersion the agent's version; empty to say none
     */
    public Node node(String istioVersion) {
        Struct.Builder metadata =
                Struct.newBuilder()
                        .putFields("NAME", text(name))
                        .putFields("NAMESPACE", text(namespace))
                        .putFields("CLUSTER_ID", text("Kubernetes"))
                        .putFields("WORKLOAD_NAME", text(workload));
        if (!istioVersion.isEmpty()) {
            metadata.putFields("ISTIO_VERSION", text(istioVersion));
            metadata.putFields("INSTANCE_IPS", text(ip));
        }
        if (!serviceAccount.isEmpty()) {
            metadata.putFields("SERVICE_ACCOUNT", text(serviceAccount));
        }
        Struct.Builder all = Struct.newBuilder();
        labels.forEach((label, value) -> all.putFields(label, text(value)));
        metadata.putFields("LABELS", Value.newBuilder().setStructValue(all).build());
        return Node.newBuilder()
                .setId(nodeId())
                .setCluster(serviceCluster())
                .setMetadata(metadata)
                .build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }
}
