package dev.meshdojo.gateway.telemetry;

import dev.meshdojo.gateway.stream.ResponseFlag;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<Key, Handles> handles = new ConcurrentHashMap<>();

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
        Handles known =
                handles.computeIfAbsent(
                        new Key(
                                destination,
                                service,
                                status,
                                grpcStatus,
                                flags.isEmpty() ? Set.of() : Set.copyOf(flags)),
                        this::handles);
        known.requests().increment();
        known.millis().record(millis);
        known.requestBytes().record(requestBytes);
        known.responseBytes().record(responseBytes);
    }

    private record Key(
            Workload destination,
            Service service,
            int status,
            @Nullable Integer grpcStatus,
            Set<ResponseFlag> flags) {}

    private record Handles(
            Stats.Counter requests,
            Stats.Histogram millis,
            Stats.Histogram requestBytes,
            Stats.Histogram responseBytes) {}

    private Handles handles(Key key) {
        Integer grpc = key.grpcStatus();
        Map<String, String> labels = labels(key.destination(), key.service());
        labels.put("request_protocol", grpc == null ? "http" : "grpc");
        labels.put("response_code", String.valueOf(key.status()));
        labels.put("grpc_response_status", grpc == null ? "" : grpc.toString());
        end(labels, key.flags());
        return new Handles(
                stats.counter(StatName.istio("istio_requests_total", labels)),
                stats.histogram(StatName.istio("istio_request_duration_milliseconds", labels)),
                stats.histogram(StatName.istio("istio_request_bytes", labels)),
                stats.histogram(StatName.istio("istio_response_bytes", labels)));
    }

    /** Counts one finished TCP connection. */
    public void connection(
            Workload destination, Service service, Set<ResponseFlag> flags, long in, long out) {
        Map<String, String> labels = labels(destination, service);
        labels.put("request_protocol", "tcp");
        end(labels, flags);
        stats.counter(StatName.istio("istio_tcp_connections_opened_total", labels)).increment();
        stats.counter(StatName.istio("istio_tcp_connections_closed_total", labels)).increment();
        stats.counter(StatName.istio("istio_tcp_received_bytes_total", labels)).add(in);
        stats.counter(StatName.istio("istio_tcp_sent_bytes_total", labels)).add(out);
    }

    /** In the order in which Istio's proxies print them. */
    private Map<String, String> labels(Workload destination, Service service) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("reporter", "source");
        labels.put("source_workload", source.workload());
        labels.put("source_canonical_service", source.canonicalService());
        labels.put("source_canonical_revision", source.canonicalRevision());
        labels.put("source_workload_namespace", source.namespace());
        labels.put("source_principal", source.principal());
        labels.put("source_app", source.app());
        labels.put("source_version", source.version());
        labels.put("source_cluster", source.cluster());
        labels.put("destination_workload", destination.workload());
        labels.put("destination_workload_namespace", destination.namespace());
        labels.put("destination_principal", destination.principal());
        labels.put("destination_app", destination.app());
        labels.put("destination_version", destination.version());
        labels.put("destination_service", service.host());
        labels.put("destination_canonical_service", destination.canonicalService());
        labels.put("destination_canonical_revision", destination.canonicalRevision());
        labels.put("destination_service_name", service.name());
        labels.put("destination_service_namespace", service.namespace());
        labels.put("destination_cluster", destination.cluster());
        return labels;
    }

    private static void end(Map<String, String> labels, Set<ResponseFlag> flags) {
        labels.put("response_flags", ResponseFlag.print(flags));
        labels.put("connection_security_policy", "unknown");
    }
}
