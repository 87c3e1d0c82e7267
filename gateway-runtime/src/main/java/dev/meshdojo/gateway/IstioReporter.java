package dev.meshdojo.gateway;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.meshdojo.gateway.http.LiveConfig;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.telemetry.IstioMetrics;
import dev.meshdojo.gateway.telemetry.IstioMetrics.Service;
import dev.meshdojo.gateway.telemetry.IstioMetrics.Workload;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts ended streams in Istio's standard metrics: the service comes from the cluster's metadata,
 * the workload from the endpoint's. Thread-safe; does not block.
 */
final class IstioReporter {

    private final IstioMetrics metrics;
    private final Supplier<LiveConfig> live;
    private final Map<Cluster, Service> services = new ConcurrentHashMap<>();
    private final Map<String, Workload> workloads = new ConcurrentHashMap<>();

    IstioReporter(IstioMetrics metrics, Supplier<LiveConfig> live) {
        this.metrics = metrics;
        this.live = live;
    }

    /** A stream, or a TCP connection, is over. */
    void ended(FormatContext context) {
        StreamInfo info = context.info();
        Workload workload = workload(info.upstreamWorkload());
        Service service = service(info.upstreamCluster());
        if (context.request() == null && info.protocol() == null) {
            metrics.connection(
                    workload,
                    service,
                    info.responseFlags(),
                    info.bytesReceived(),
                    info.bytesSent());
            return;
        }
        metrics.request(
                workload,
                service,
                info.responseCode(),
                grpcStatus(context),
                info.responseFlags(),
                info.duration().toMillis(),
                info.bytesReceived(),
                info.bytesSent());
    }

    private static @Nullable Integer grpcStatus(FormatContext context) {
        if (context.request() == null || !context.request().grpc()) {
            return null;
        }
        String text = status(context.responseTrailers());
        if (text == null) {
            text = status(context.response());
        }
        try {
            return text == null ? null : Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable String status(@Nullable HeaderMap headers) {
        return headers == null ? null : headers.get("grpc-status");
    }

    private Service service(@Nullable String clusterName) {
        UpstreamCluster cluster = clusterName == null ? null : live.get().cluster(clusterName);
        return cluster == null
                ? Service.UNKNOWN
                : services.computeIfAbsent(cluster.proto(), IstioReporter::readService);
    }

    private static Service readService(Cluster cluster) {
        Struct istio =
                cluster.getMetadata()
                        .getFilterMetadataOrDefault("istio", Struct.getDefaultInstance());
        var named = istio.getFieldsOrDefault("services", Value.getDefaultInstance()).getListValue();
        if (named.getValuesCount() == 0) {
            return new Service(cluster.getName(), cluster.getName(), "unknown");
        }
        Struct first = named.getValues(0).getStructValue();
        return new Service(text(first, "host"), text(first, "name"), text(first, "namespace"));
    }

    private static String text(Struct struct, String field) {
        return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
    }

    private Workload workload(String described) {
        return described.isEmpty()
                ? Workload.UNKNOWN
                : workloads.computeIfAbsent(described, IstioReporter::readWorkload);
    }

    /** {@code name;namespace;canonical-name;canonical-revision;cluster}. */
    private static Workload readWorkload(String described) {
        String[] parts = described.split(";", -1);
        return new Workload(
                part(parts, 0, "unknown"),
                part(parts, 1, "unknown"),
                "unknown",
                "unknown",
                "unknown",
                part(parts, 4, "unknown"),
                part(parts, 2, "unknown"),
                part(parts, 3, "latest"));
    }

    private static String part(String[] parts, int index, String otherwise) {
        return index < parts.length && !parts[index].isEmpty() ? parts[index] : otherwise;
    }
}
