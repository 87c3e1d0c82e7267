package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The health paths and the checks behind them, in kube-apiserver's order. */
final class HealthChecks {

    private static final Set<String> ENDPOINTS = Set.of("healthz", "livez", "readyz");

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

    /** What the health paths answer; null for other paths and unknown checks. */
    static @Nullable ApiResponse answer(ApiRequest request) {
        String[] parts = request.path().split("/", 3);
        if (parts.length < 2 || !ENDPOINTS.contains(parts[1])) {
            return null;
        }
        String endpoint = parts[1];
        boolean all = parts.length == 2 || parts[2].isEmpty();
        if (!all) {
            return of(endpoint).contains(parts[2]) ? ApiResponse.text(200, "ok") : null;
        }
        return request.query().containsKey("verbose")
                ? ApiResponse.text(200, verbose(endpoint, excluded(request)))
                : ApiResponse.text(200, "ok");
    }

    private static Set<String> excluded(ApiRequest request) {
        Set<String> excluded = new LinkedHashSet<>();
        for (String names : request.query().getOrDefault("exclude", List.of())) {
            excluded.addAll(Arrays.asList(names.split(",")));
        }
        return excluded;
    }

    private static String verbose(String endpoint, Set<String> excluded) {
        StringBuilder text = new StringBuilder();
        for (String check : of(endpoint)) {
            text.append("[+]").append(check);
            text.append(excluded.remove(check) ? " excluded: ok\n" : " ok\n");
        }
        if (!excluded.isEmpty()) {
            String quoted =
                    excluded.stream()
                            .map(name -> '"' + name + '"')
                            .collect(Collectors.joining(","));
            text.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(quoted)
                    .append('\n');
        }
        return text.append(endpoint).append(" check passed\n").toString();
    }

    private static List<String> of(String endpoint) {
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
