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
 */
public record ProxyIdentity(
        Role role,
        String namespace,
        String pod,
        String ip,
        Map<String, String> labels,
        Map<String, String> environment) {

    /** Kind of proxy, as istiod's node id names it. */
    public enum Role {
        ROUTER,
        SIDECAR
    }

    public ProxyIdentity {
        labels = Map.copyOf(labels);
        environment = Map.copyOf(environment);
    }
}
