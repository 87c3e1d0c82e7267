package dev.meshdojo.gateway.admin;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.admin.v3.ClusterStatus;
import io.envoyproxy.envoy.admin.v3.Clusters;
import io.envoyproxy.envoy.admin.v3.HostHealthStatus;
import io.envoyproxy.envoy.admin.v3.HostStatus;
import io.envoyproxy.envoy.admin.v3.SimpleMetric;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /clusters} as text and as JSON. */
final class ClustersPage {

    private ClustersPage() {}

    static AdminResponse page(AdminView view, Map<String, String> query) {
        if ("json".equals(query.get("format"))) {
            Clusters.Builder clusters = Clusters.newBuilder();
            view.clusters().forEach(cluster -> clusters.addClusterStatuses(status(cluster)));
            return AdminResponse.json(AdminJson.print(clusters));
        }
        StringBuilder text = new StringBuilder();
        view.clusters().forEach(cluster -> append(text, cluster));
        return AdminResponse.text(200, text.toString());
    }

    private static Thresholds threshold(ClusterView view, RoutingPriority priority) {
        Thresholds configured =
                view.cluster().getCircuitBreakers().getThresholdsList().stream()
                        .filter(one -> one.getPriority() == priority)
                        .findFirst()
                        .orElse(Thresholds.getDefaultInstance());
        return Thresholds.newBuilder()
                .setPriority(priority)
                .setMaxConnections(
                        configured.hasMaxConnections()
                                ? configured.getMaxConnections()
                                : UInt32Value.of(1024))
                .setMaxPendingRequests(
                        configured.hasMaxPendingRequests()
                                ? configured.getMaxPendingRequests()
                                : UInt32Value.of(1024))
                .setMaxRequests(
                        configured.hasMaxRequests()
                                ? configured.getMaxRequests()
                                : UInt32Value.of(1024))
                .setMaxRetries(
                        configured.hasMaxRetries() ? configured.getMaxRetries() : UInt32Value.of(3))
                .build();
    }

    private static String observabilityName(ClusterView view) {
        String alternative = view.cluster().getAltStatName();
        return alternative.isEmpty() ? view.cluster().getName() : alternative;
    }

    private static ClusterStatus status(ClusterView view) {
        ClusterStatus.Builder status =
                ClusterStatus.newBuilder()
                        .setName(view.cluster().getName())
                        .setAddedViaApi(view.addedViaApi())
                        .setObservabilityName(observabilityName(view))
                        .setEdsServiceName(view.cluster().getEdsClusterConfig().getServiceName())
                        .setCircuitBreakers(
                                CircuitBreakers.newBuilder()
                                        .addThresholds(threshold(view, RoutingPriority.DEFAULT))
                                        .addThresholds(threshold(view, RoutingPriority.HIGH)));
        view.hosts().forEach(host -> status.addHostStatuses(status(host)));
        return status.build();
    }

    private static HostStatus status(ClusterView.Host host) {
        ClusterView.Counts counts = host.counts();
        HostStatus.Builder status =
                HostStatus.newBuilder()
                        .setAddress(EndpointsDump.address(host))
                        .setHostname(host.hostname())
                        .setWeight(host.weight())
                        .setPriority(host.priority())
                        .setLocality(host.locality());
        status.addStats(counter("cx_connect_fail", counts.cxConnectFail()))
                .addStats(counter("cx_total", counts.cxTotal()))
                .addStats(counter("rq_error", counts.rqError()))
                .addStats(counter("rq_success", counts.rqSuccess()))
                .addStats(counter("rq_timeout", counts.rqTimeout()))
                .addStats(counter("rq_total", counts.rqTotal()))
                .addStats(gauge("cx_active", counts.cxActive()))
                .addStats(gauge("rq_active", counts.rqActive()))
                .addStats(gauge("rq_pending_active", counts.rqPendingActive()));
        status.setHealthStatus(
                HostHealthStatus.newBuilder()
                        .setFailedActiveHealthCheck(host.failedActiveHealthCheck())
                        .setFailedOutlierCheck(host.failedOutlierCheck())
                        .setEdsHealthStatus(
                                host.edsUnhealthy()
                                        ? HealthStatus.UNHEALTHY
                                        : HealthStatus.HEALTHY));
        return status.build();
    }

    private static SimpleMetric counter(String name, long value) {
        return SimpleMetric.newBuilder().setName(name).setValue(value).build();
    }

    private static SimpleMetric gauge(String name, long value) {
        return SimpleMetric.newBuilder()
                .setType(SimpleMetric.Type.GAUGE)
                .setName(name)
                .setValue(value)
                .build();
    }

    private static void append(StringBuilder text, ClusterView view) {
        String name = view.cluster().getName();
        line(text, name, "observability_name", observabilityName(view));
        for (RoutingPriority priority : List.of(RoutingPriority.DEFAULT, RoutingPriority.HIGH)) {
            Thresholds threshold = threshold(view, priority);
            String prefix =
                    priority == RoutingPriority.DEFAULT ? "default_priority" : "high_priority";
            line(text, name, prefix + "::max_connections", limit(threshold.getMaxConnections()));
            line(
                    text,
                    name,
                    prefix + "::max_pending_requests",
                    limit(threshold.getMaxPendingRequests()));
            line(text, name, prefix + "::max_requests", limit(threshold.getMaxRequests()));
            line(text, name, prefix + "::max_retries", limit(threshold.getMaxRetries()));
        }
        line(text, name, "added_via_api", view.addedViaApi());
        String service = view.cluster().getEdsClusterConfig().getServiceName();
        if (!service.isEmpty()) {
            line(text, name, "eds_service_name", service);
        }
        view.hosts().forEach(host -> append(text, name, host));
    }

    private static String limit(UInt32Value value) {
        return Integer.toUnsignedString(value.getValue());
    }

    private static void append(StringBuilder text, String cluster, ClusterView.Host host) {
        String address = host.address().contains(":") ? "[" + host.address() + "]" : host.address();
        String name = cluster + "::" + address + ":" + host.port();
        ClusterView.Counts counts = host.counts();
        line(text, name, "cx_active", counts.cxActive());
        line(text, name, "cx_connect_fail", counts.cxConnectFail());
        line(text, name, "cx_total", counts.cxTotal());
        line(text, name, "rq_active", counts.rqActive());
        line(text, name, "rq_error", counts.rqError());
        line(text, name, "rq_pending_active", counts.rqPendingActive());
        line(text, name, "rq_success", counts.rqSuccess());
        line(text, name, "rq_timeout", counts.rqTimeout());
        line(text, name, "rq_total", counts.rqTotal());
        line(text, name, "hostname", host.hostname());
        line(text, name, "health_flags", healthFlags(host));
        line(text, name, "weight", host.weight());
        line(text, name, "region", host.locality().getRegion());
        line(text, name, "zone", host.locality().getZone());
        line(text, name, "sub_zone", host.locality().getSubZone());
        line(text, name, "canary", false);
        line(text, name, "priority", host.priority());
        line(text, name, "success_rate", -1);
        line(text, name, "local_origin_success_rate", -1);
    }

    private static String healthFlags(ClusterView.Host host) {
        List<String> flags = new ArrayList<>();
        if (host.failedActiveHealthCheck()) {
            flags.add("/failed_active_hc");
        }
        if (host.failedOutlierCheck()) {
            flags.add("/failed_outlier_check");
        }
        if (host.edsUnhealthy()) {
            flags.add("/failed_eds_health");
        }
        return flags.isEmpty() ? "healthy" : String.join("", flags);
    }

    private static void line(StringBuilder text, String name, String key, Object value) {
        text.append(name).append("::").append(key).append("::").append(value).append('\n');
    }
}
