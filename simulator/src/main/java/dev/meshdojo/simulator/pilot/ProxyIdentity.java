package dev.meshdojo.simulator.pilot;

import java.util.Map;

/**
 * The proxy a translation is for.
 *
 * @param role what it does in the mesh; translation for sidecars differs in nearly everything
 * @param namespace the pod's namespace
 * @param pod the pod's name
 * @param ip the pod's address
 * @param labels the pod's labels, which {@code Gateway.spec.selector} is compared with
 * @param environment the proxy container's environment, for {@code ISTIO_META_*}
 * @param annotations the pod's annotations, for {@code proxy.istio.io/config}
 */
public record ProxyIdentity(
        Role role,
        String namespace,
        String pod,
        String ip,
        Map<String, String> labels,
        Map<String, String> environment,
        Map<String, String> annotations) {

    private static final String PROXY_CONFIG = "proxy.istio.io/config";

    /** Kind of proxy, as istiod's node id names it. */
    public enum Role {
        ROUTER,
        SIDECAR
    }

    public ProxyIdentity {
        labels = Map.copyOf(labels);
        environment = Map.copyOf(environment);
        annotations = Map.copyOf(annotations);
    }

    /** A proxy whose pod has no annotations. */
    public ProxyIdentity(
            Role role,
            String namespace,
            String pod,
            String ip,
            Map<String, String> labels,
            Map<String, String> environment) {
        this(role, namespace, pod, ip, labels, environment, Map.of());
    }

    /** The pod's own proxy configuration as YAML, which goes before the mesh's; may be empty. */
    public String proxyConfig() {
        return annotations.getOrDefault(PROXY_CONFIG, "");
    }
}
