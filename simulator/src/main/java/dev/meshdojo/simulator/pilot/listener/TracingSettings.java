package dev.meshdojo.simulator.pilot.listener;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import io.envoyproxy.envoy.config.trace.v3.Tracing.Http;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how requests are traced: as Telemetry resources say, else as the mesh configuration
 * does.
 *
 * @param tracing the connection manager's settings; null when nothing is traced
 * @param sampleByRequestId whether the request id carries the decision
 */
record TracingSettings(@Nullable Tracing tracing, boolean sampleByRequestId) {

    private static final double DEFAULT_SAMPLING = 1;
    private static final double MOST = 100;
    private static final TracingSettings NONE = new TracingSettings(null, true);

    static TracingSettings of(MeshModel model, ProxyIdentity proxy) {
        JsonView mesh = model.mesh().view();
        JsonView defaults = model.mesh().proxyDefaults().at("tracing");
        Telemetries telemetries = Telemetries.of(model, proxy);
        if (!telemetries.setsTracing()) {
            if (mesh.has("enableTracing") && !mesh.flag("enableTracing")) {
                return NONE;
            }
            Tracing.Builder out = Tracing.newBuilder();
            sample(out, sampling(defaults));
            tags(out, defaults);
            return new TracingSettings(out.build(), true);
        }
        List<String> providers = telemetries.defaults("tracing");
        String provider = providers.isEmpty() ? "" : providers.getFirst();
        boolean disabled = false;
        boolean byRequestId = true;
        Double sampling = null;
        for (JsonView tracing : telemetries.tracing()) {
            List<String> named = Telemetries.providers(tracing);
            provider = named.isEmpty() ? provider : named.getFirst();
            disabled =
                    tracing.has("disableSpanReporting")
                            ? tracing.flag("disableSpanReporting")
                            : disabled;
            if (tracing.has("randomSamplingPercentage")) {
                sampling = tracing.number("randomSamplingPercentage");
            }
            if (tracing.has("useRequestIdForTraceSampling")) {
                byRequestId = tracing.flag("useRequestIdForTraceSampling");
            }
        }
        JsonView found = model.mesh().extensionProvider(provider);
        TracingProvider tracer = TracingProvider.of(model, found);
        if (disabled || tracer == null) {
            return NONE;
        }
        Tracing.Builder out = Tracing.newBuilder();
        out.setSpawnUpstreamSpan(BoolValue.of(true));
        out.setProvider(
                Http.newBuilder()
                        .setName(tracer.name())
                        .setTypedConfig(com.google.protobuf.Any.pack(tracer.config())));
        if (tracer.maxTagLength() != 0) {
            out.setMaxPathTagLength(UInt32Value.of(tracer.maxTagLength()));
        }
        sample(out, sampling == null ? sampling(defaults) : sampling);
        if (tracer.maxTagLength() == 0) {
            tags(out, defaults);
        }
        return new TracingSettings(out.build(), byRequestId);
    }

    private static void sample(Tracing.Builder out, double percentage) {
        out.setClientSampling(Percent.newBuilder().setValue(MOST))
                .setOverallSampling(Percent.newBuilder().setValue(MOST))
                .setRandomSampling(Percent.newBuilder().setValue(percentage));
    }

    private static double sampling(JsonView defaults) {
        double written = defaults.number("sampling");
        return written == 0 || written > MOST ? DEFAULT_SAMPLING : written;
    }

    private static void tags(Tracing.Builder out, JsonView defaults) {
        if (defaults.integer("maxPathTagLength") > 0) {
            out.setMaxPathTagLength(UInt32Value.of(defaults.integer("maxPathTagLength")));
        }
    }
}
