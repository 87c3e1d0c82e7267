package dev.meshdojo.gateway.telemetry;

import dev.meshdojo.gateway.stream.ResponseFlag;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard metrics, as the {@code istio.stats} filter of a gateway reports them ({@code
 * reporter="source"}). Thread-safe.
 *
 * <p>Source: Istio "Standard Metrics".
 */
public final class IstioMetrics {

    /**
     * A workload as labels name it.
     *
     * @param workload the Deployment or the like
     * @param namespace its namespace
     * @param principal its mesh identity; {@code unknown} without mTLS
     * @param app the {@code app} label
     * @param version the {@code version} label
     * @param cluster the cluster's name
     * @param canonicalService the canonical service
     * @param canonicalRevision the canonical revision
     */
    public record Workload(
            String workload,
            String namespace,
            String principal,
            String app,
            String version,
            String cluster,
            String canonicalService,
            String canonicalRevision) {

        /** A workload nobody knows. */
        public static final Workload UNKNOWN =
                new Workload(
                        "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown",
                        "latest");
    }

    /**
     * A service as labels name it.
     *
     * @param host its full name
     * @param name its short name
     * @param namespace its namespace
     */
    public record Service(String host, String name, String namespace) {

        /** A service nobody knows. */
        public static final Service UNKNOWN = new Service("unknown", "unknown", "unknown");
    }

    private final Stats stats;
    private final Workload source;

    /** Metrics of the proxy {@code source}, kept in {@code stats}. */
    public IstioMetrics(Stats stats, Workload source) {
        this.stats = stats;
        this.source = source;
    }

    /**
     * Counts one finished request.
     *
     * @param grpcStatus null unless it was gRPC
     * @param millis how long it took
     */
    public void request(
            Workload destination,
            Service service,
            int status,
            @Nullable Integer grpcStatus,
            Set<ResponseFlag> flags,
            long millis,
            long requestBytes,
            long responseBytes) {
        Map<String, String> labels = labels(destination, service, flags);
        labels.put("request_protocol", grpcStatus == null ? "http" : "grpc");
        labels.put("response_code", String.valueOf(status));
        labels.put("grpc_response_status", grpcStatus == null ? "" : grpcStatus.toString());
        stats.counter(StatName.istio("istio_requests_total", labels)).increment();
        stats.histogram(StatName.istio("istio_request_duration_milliseconds", labels))
                .record(millis);
        stats.histogram(StatName.istio("istio_request_bytes", labels)).record(requestBytes);
        stats.histogram(StatName.istio("istio_response_bytes", labels)).record(responseBytes);
    }

    /** Counts one finished TCP connection. */
    public void connection(
            Workload destination, Service service, Set<ResponseFlag> flags, long in, long out) {
        Map<String, String> labels = labels(destination, service, flags);
        labels.put("request_protocol", "tcp");
        stats.counter(StatName.istio("istio_tcp_connections_opened_total", labels)).increment();
        stats.counter(StatName.istio("istio_tcp_connections_closed_total", labels)).increment();
        stats.counter(StatName.istio("istio_tcp_received_bytes_total", labels)).add(in);
        stats.counter(StatName.istio("istio_tcp_sent_bytes_total", labels)).add(out);
    }

    private Map<String, String> labels(
            Workload destination, Service service, Set<ResponseFlag> flags) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("reporter", "source");
        workload(labels, "source", source);
        workload(labels, "destination", destination);
        labels.put("destination_service", service.host());
        labels.put("destination_service_name", service.name());
        labels.put("destination_service_namespace", service.namespace());
        labels.put("response_flags", ResponseFlag.print(flags));
        labels.put("connection_security_policy", "unknown");
        return labels;
    }

    private static void workload(Map<String, String> labels, String side, Workload workload) {
        labels.put(side + "_workload", workload.workload());
        labels.put(side + "_workload_namespace", workload.namespace());
        labels.put(side + "_principal", workload.principal());
        labels.put(side + "_app", workload.app());
        labels.put(side + "_version", workload.version());
        labels.put(side + "_cluster", workload.cluster());
        labels.put(side + "_canonical_service", workload.canonicalService());
        labels.put(side + "_canonical_revision", workload.canonicalRevision());
    }
}
