package dev.meshdojo.simulator.pilot.server;

import java.util.List;

/** The kinds of objects that translation reads. */
final class WatchedKinds {

    /**
     * A kind.
     *
     * @param group API group; empty for the core group
     * @param plural name in URLs
     */
    record Kind(String group, String plural) {

        /** {@code plural.group}, or just the plural in the core group. */
        String groupResource() {
            return group.isEmpty() ? plural : plural + "." + group;
        }
    }

    static final List<Kind> ALL =
            List.of(
                    new Kind("", "services"),
                    new Kind("", "pods"),
                    new Kind("", "nodes"),
                    new Kind("", "namespaces"),
                    new Kind("", "secrets"),
                    new Kind("", "configmaps"),
                    new Kind("discovery.k8s.io", "endpointslices"),
                    new Kind("networking.k8s.io", "ingresses"),
                    new Kind("networking.k8s.io", "ingressclasses"),
                    new Kind("networking.istio.io", "gateways"),
                    new Kind("networking.istio.io", "virtualservices"),
                    new Kind("networking.istio.io", "destinationrules"),
                    new Kind("networking.istio.io", "serviceentries"),
                    new Kind("networking.istio.io", "workloadentries"),
                    new Kind("networking.istio.io", "sidecars"),
                    new Kind("networking.istio.io", "envoyfilters"),
                    new Kind("security.istio.io", "authorizationpolicies"),
                    new Kind("security.istio.io", "requestauthentications"),
                    new Kind("security.istio.io", "peerauthentications"),
                    new Kind("telemetry.istio.io", "telemetries"),
                    new Kind("gateway.networking.k8s.io", "gatewayclasses"),
                    new Kind("gateway.networking.k8s.io", "gateways"),
                    new Kind("gateway.networking.k8s.io", "httproutes"),
                    new Kind("gateway.networking.k8s.io", "grpcroutes"),
                    new Kind("gateway.networking.k8s.io", "tlsroutes"),
                    new Kind("gateway.networking.k8s.io", "tcproutes"),
                    new Kind("gateway.networking.k8s.io", "listenersets"),
                    new Kind("gateway.networking.k8s.io", "backendtlspolicies"),
                    new Kind("gateway.networking.k8s.io", "referencegrants"));

    static final Kind DEFINITIONS = new Kind("apiextensions.k8s.io", "customresourcedefinitions");

    private WatchedKinds() {}
}
