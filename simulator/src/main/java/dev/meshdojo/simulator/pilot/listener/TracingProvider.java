package dev.meshdojo.simulator.pilot.listener;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.Service;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.trace.v3.DatadogConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.SkyWalkingConfig;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where spans go.
 *
 * @param name Envoy's name of the tracer
 * @param config its configuration
 * @param maxTagLength longest tag of a path; 0 when the provider does not say
 */
record TracingProvider(String name, Message config, int maxTagLength) {

    private record Collector(String host, String cluster) {

        GrpcService.Builder grpc() {
            GrpcService.Builder out = GrpcService.newBuilder();
            out.getEnvoyGrpcBuilder().setClusterName(cluster).setAuthority(host);
            return out;
        }
    }

    /** The tracer of an extension provider; null when it is none or its collector is unknown. */
    static @Nullable TracingProvider of(MeshModel model, JsonView provider) {
        for (String kind : List.of("zipkin", "datadog", "skywalking", "opentelemetry")) {
            JsonView settings = provider.at(kind);
            Collector collector = settings.present() ? collector(model, settings) : null;
            if (collector != null) {
                return new TracingProvider(
                        "envoy.tracers." + kind,
                        config(kind, settings, collector),
                        kind.equals("skywalking") ? 0 : settings.integer("maxTagLength"));
            }
        }
        return null;
    }

    private static Message config(String kind, JsonView settings, Collector collector) {
        return switch (kind) {
            case "zipkin" -> zipkin(settings, collector);
            case "datadog" ->
                    DatadogConfig.newBuilder()
                            .setCollectorCluster(collector.cluster)
                            .setCollectorHostname(collector.host)
                            .build();
            case "skywalking" ->
                    SkyWalkingConfig.newBuilder().setGrpcService(collector.grpc()).build();
            default -> openTelemetry(settings, collector);
        };
    }

    private static Message zipkin(JsonView settings, Collector collector) {
        String path = settings.text("path");
        return ZipkinConfig.newBuilder()
                .setCollectorEndpointVersion(ZipkinConfig.CollectorEndpointVersion.HTTP_JSON)
                .setTraceId128Bit(!settings.flag("enable64bitTraceId"))
                .setSharedSpanContext(BoolValue.of(false))
                .setCollectorCluster(collector.cluster)
                .setCollectorHostname(collector.host)
                .setCollectorEndpoint(path.isEmpty() ? "/api/v2/spans" : path)
                .build();
    }

    private static Message openTelemetry(JsonView settings, Collector collector) {
        OpenTelemetryConfig.Builder out = OpenTelemetryConfig.newBuilder();
        JsonView http = settings.at("http");
        if (http.present()) {
            String path = http.text("path");
            return out.setHttpService(
                            http(
                                    collector.host + (path.startsWith("/") ? path : "/" + path),
                                    collector,
                                    http.duration("timeout")))
                    .build();
        }
        GrpcService.Builder grpc = collector.grpc();
        Duration timeout = settings.at("grpc").duration("timeout");
        if (timeout != null) {
            grpc.setTimeout(timeout);
        }
        return out.setGrpcService(grpc).build();
    }

    private static HttpService http(String uri, Collector collector, @Nullable Duration timeout) {
        HttpService.Builder out = HttpService.newBuilder();
        out.getHttpUriBuilder().setUri(uri).setCluster(collector.cluster);
        if (timeout != null) {
            out.getHttpUriBuilder().setTimeout(timeout);
        }
        return out.build();
    }

    /** The Service {@code namespace/host}, or just the host where only one namespace has it. */
    private static @Nullable Collector collector(MeshModel model, JsonView settings) {
        String written = settings.text("service");
        int slash = written.indexOf('/');
        String namespace = slash < 0 ? "" : written.substring(0, slash);
        String host = written.substring(slash + 1);
        List<Service> found =
                model.services().stream()
                        .filter(service -> service.hostname().equals(host))
                        .filter(
                                service ->
                                        namespace.isEmpty()
                                                || service.namespace().equals(namespace))
                        .toList();
        return found.size() == 1
                ? new Collector(host, "outbound|" + settings.integer("port") + "||" + host)
                : null;
    }
}
