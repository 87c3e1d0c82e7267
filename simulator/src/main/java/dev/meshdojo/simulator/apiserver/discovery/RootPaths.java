package dev.meshdojo.simulator.apiserver.discovery;

import java.util.List;
import java.util.TreeSet;

/** The paths that {@code GET /} lists: those of discovery and the fixed ones of a control plane. */
final class RootPaths {

    private static final List<String> FIXED =
            List.of(
                    "/.well-known/openid-configuration",
                    "/metrics",
                    "/metrics/slis",
                    "/openapi/v2",
                    "/openapi/v3",
                    "/openapi/v3/",
                    "/openid/v1/jwks",
                    "/readyz/etcd-readiness",
                    "/readyz/informer-sync",
                    "/readyz/shutdown",
                    "/version");

    private static final List<String> CHECKS =
            List.of(
                    "",
                    "/autoregister-completion",
                    "/etcd",
                    "/log",
                    "/ping",
                    "/poststarthook/apiservice-discovery-controller",
                    "/poststarthook/apiservice-openapi-controller",
                    "/poststarthook/apiservice-openapiv3-controller",
                    "/poststarthook/apiservice-registration-controller",
                    "/poststarthook/apiservice-status-local-available-controller",
                    "/poststarthook/apiservice-status-remote-available-controller",
                    "/poststarthook/bootstrap-controller",
                    "/poststarthook/crd-informer-synced",
                    "/poststarthook/generic-apiserver-start-informers",
                    "/poststarthook/kube-apiserver-autoregistration",
                    "/poststarthook/priority-and-fairness-config-consumer",
                    "/poststarthook/priority-and-fairness-config-producer",
                    "/poststarthook/priority-and-fairness-filter",
                    "/poststarthook/rbac/bootstrap-roles",
                    "/poststarthook/scheduling/bootstrap-system-priority-classes",
                    "/poststarthook/start-apiextensions-controllers",
                    "/poststarthook/start-apiextensions-informers",
                    "/poststarthook/start-apiserver-admission-initializer",
                    "/poststarthook/start-cluster-authentication-info-controller",
                    "/poststarthook/start-kube-aggregator-informers",
                    "/poststarthook/start-kube-apiserver-identity-lease-controller",
                    "/poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
                    "/poststarthook/start-kubernetes-service-cidr-controller",
                    "/poststarthook/start-legacy-token-tracking-controller",
                    "/poststarthook/start-service-ip-repair-controllers",
                    "/poststarthook/start-system-namespaces-controller",
                    "/poststarthook/storage-object-count-tracker-hook");

    private RootPaths() {}

    /** All paths, sorted. */
    static Iterable<String> with(List<String> discovered) {
        TreeSet<String> all = new TreeSet<>(discovered);
        all.addAll(FIXED);
        for (String endpoint : List.of("/healthz", "/livez", "/readyz")) {
            CHECKS.forEach(check -> all.add(endpoint + check));
        }
        return all;
    }
}
