package dev.meshdojo.simulator.apiserver.rest;

import java.util.ArrayList;
import java.util.List;

/** The checks that {@code ?verbose} lists, in kube-apiserver's order. */
final class HealthChecks {

    private static final List<String> HOOKS =
            List.of(
                    "poststarthook/start-apiserver-admission-initializer",
                    "poststarthook/generic-apiserver-start-informers",
                    "poststarthook/priority-and-fairness-config-consumer",
                    "poststarthook/priority-and-fairness-filter",
                    "poststarthook/storage-object-count-tracker-hook",
                    "poststarthook/start-apiextensions-informers",
                    "poststarthook/start-apiextensions-controllers",
                    "poststarthook/crd-informer-synced",
                    "poststarthook/start-system-namespaces-controller",
                    "poststarthook/start-cluster-authentication-info-controller",
                    "poststarthook/start-kube-apiserver-identity-lease-controller",
                    "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
                    "poststarthook/start-legacy-token-tracking-controller",
                    "poststarthook/start-service-ip-repair-controllers",
                    "poststarthook/rbac/bootstrap-roles",
                    "poststarthook/scheduling/bootstrap-system-priority-classes",
                    "poststarthook/priority-and-fairness-config-producer",
                    "poststarthook/bootstrap-controller",
                    "poststarthook/start-kubernetes-service-cidr-controller",
                    "poststarthook/aggregator-reload-proxy-client-cert",
                    "poststarthook/start-kube-aggregator-informers",
                    "poststarthook/apiservice-status-local-available-controller",
                    "poststarthook/apiservice-status-remote-available-controller",
                    "poststarthook/apiservice-registration-controller",
                    "poststarthook/apiservice-discovery-controller",
                    "poststarthook/kube-apiserver-autoregistration",
                    "autoregister-completion",
                    "poststarthook/apiservice-openapi-controller",
                    "poststarthook/apiservice-openapiv3-controller");

    private HealthChecks() {}

    static List<String> of(String endpoint) {
        List<String> checks = new ArrayList<>(List.of("ping", "log", "etcd"));
        if (endpoint.equals("readyz")) {
            checks.addAll(List.of("etcd-readiness", "informer-sync"));
        }
        checks.addAll(HOOKS);
        if (endpoint.equals("readyz")) {
            checks.add("shutdown");
        }
        return checks;
    }
}
