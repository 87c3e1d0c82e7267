package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent.DenominatorType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule's {@code fault} and {@code corsPolicy} as per-route filter settings. */
final class RouteFilters {

    private static final List<String> GRPC_STATUS =
            List.of(
                    "OK",
                    "CANCELLED",
                    "UNKNOWN",
                    "INVALID_ARGUMENT",
                    "DEADLINE_EXCEEDED",
                    "NOT_FOUND",
                    "ALREADY_EXISTS",
                    "PERMISSION_DENIED",
                    "RESOURCE_EXHAUSTED",
                    "FAILED_PRECONDITION",
                    "ABORTED",
                    "OUT_OF_RANGE",
                    "UNIMPLEMENTED",
                    "INTERNAL",
                    "UNAVAILABLE",
                    "DATA_LOSS",
                    "UNAUTHENTICATED");

    private RouteFilters() {}

    /** The fault to inject, or null when the block asks for nothing that can be done. */
    static @Nullable HTTPFault fault(JsonView fault) {
        HTTPFault.Builder out = HTTPFault.newBuilder();
        JsonView delay = fault.at("delay");
        Duration fixed = delay.duration("fixedDelay");
        if (fixed != null) {
            out.setDelay(
                    FaultDelay.newBuilder()
                            .setFixedDelay(fixed)
                            .setPercentage(
                                    delay.has("percentage")
                                            ? percent(delay.at("percentage").number("value"))
                                            : hundredths(delay.integer("percent"))));
        }
        JsonView abort = fault.at("abort");
        FaultAbort.Builder aborted = FaultAbort.newBuilder();
        if (abort.has("percentage")) {
            aborted.setPercentage(percent(abort.at("percentage").number("value")));
        }
        if (abort.has("httpStatus")) {
            out.setAbort(aborted.setHttpStatus(abort.integer("httpStatus")));
        } else if (abort.has("grpcStatus")) {
            int status = GRPC_STATUS.indexOf(abort.text("grpcStatus"));
            out.setAbort(aborted.setGrpcStatus(Math.max(status, 0)));
        }
        return out.hasDelay() || out.hasAbort() ? out.build() : null;
    }

    /** The CORS policy. */
    static CorsPolicy cors(JsonView cors) {
        CorsPolicy.Builder out =
                CorsPolicy.newBuilder()
                        .setForwardNotMatchingPreflights(
                                BoolValue.of(!cors.text("unmatchedPreflights").equals("IGNORE")))
                        .setFilterEnabled(
                                RuntimeFractionalPercent.newBuilder()
                                        .setDefaultValue(hundredths(100)))
                        .setAllowHeaders(String.join(",", cors.texts("allowHeaders")))
                        .setAllowMethods(String.join(",", cors.texts("allowMethods")))
                        .setExposeHeaders(String.join(",", cors.texts("exposeHeaders")));
        if (cors.has("allowOrigins")) {
            for (JsonView origin : cors.list("allowOrigins")) {
                StringMatcher matcher = StringMatches.of(origin);
                if (matcher != null) {
                    out.addAllowOriginStringMatch(matcher);
                }
            }
        } else {
            out.addAllAllowOriginStringMatch(StringMatches.exact(cors.texts("allowOrigin")));
        }
        if (cors.has("allowCredentials")) {
            out.setAllowCredentials(BoolValue.of(cors.flag("allowCredentials")));
        }
        Duration maxAge = cors.duration("maxAge");
        if (maxAge != null) {
            out.setMaxAge(Long.toString(maxAge.getSeconds()));
        }
        return out.build();
    }

    /** A percentage with Istio's resolution of a millionth. */
    static FractionalPercent percent(double value) {
        return FractionalPercent.newBuilder()
                .setNumerator((int) (value * 10_000))
                .setDenominator(DenominatorType.MILLION)
                .build();
    }

    /** A whole percentage. */
    static FractionalPercent hundredths(int value) {
        return FractionalPercent.newBuilder()
                .setNumerator(value)
                .setDenominator(DenominatorType.HUNDRED)
                .build();
    }
}
