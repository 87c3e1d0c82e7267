package dev.meshdojo.gateway.filter.http;

import com.google.protobuf.util.Durations;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.Fraction;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Delays and aborts a share of the requests; a route's configuration replaces the listener's whole.
 * Delay first, then the abort, drawn independently. Source: Envoy "Fault injection".
 *
 * <p>Not modelled: response rate limits, active fault limits, faults driven by request headers.
 */
public final class FaultFilter implements HttpFilter {

    private static final String BODY = "fault filter abort";
    private static final String ABORT = "x-envoy-fault-abort-request";
    private static final String GRPC_ABORT = "x-envoy-fault-abort-grpc-request";
    private static final String DELAY = "x-envoy-fault-delay-request";
    private static final String PERCENTAGE = "-percentage";

    private final String name;
    private final Settings listenerSettings;

    /** A filter with the listener's own settings. */
    public FaultFilter(String name, Settings listenerSettings) {
        this.name = name;
        this.listenerSettings = listenerSettings;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        Settings settings =
                context.routeConfig(name) instanceof Settings own ? own : listenerSettings;
        if (!settings.concerns(context)) {
            return FilterResult.proceed();
        }
        RequestHead request = context.request();
        Duration delay = settings.delay(request);
        boolean delayed =
                delay != null
                        && share(settings.delayShare, request, DELAY + PERCENTAGE)
                                .includes(context.random());
        LocalReply abort = settings.abort(request);
        boolean aborted =
                abort != null
                        && share(settings.abortShare, request, ABORT + PERCENTAGE)
                                .includes(context.random());
        FilterResult then =
                aborted && abort != null ? new FilterResult.Reply(abort) : FilterResult.proceed();
        if (delayed && delay != null) {
            context.raise(ResponseFlag.DELAY_INJECTED);
            return new FilterResult.Delay(delay, then);
        }
        return then;
    }

    /** The configured share, or the smaller one that the request asks for. */
    private static Fraction share(Fraction configured, RequestHead request, String header) {
        Integer asked = number(request, header);
        if (asked == null || asked < 0) {
            return configured;
        }
        return new Fraction(Math.min(asked, configured.numerator()), configured.denominator());
    }

    private static @Nullable Integer number(RequestHead request, String header) {
        String text = request.headers().get(header);
        try {
            return text == null ? null : Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** A compiled {@code HTTPFault}. Immutable. */
    public static final class Settings {

        private final @Nullable Duration delay;
        private final boolean delayByHeader;
        private final Fraction delayShare;
        private final boolean aborts;
        private final boolean abortByHeader;
        private final int status;
        private final @Nullable Integer grpcStatus;
        private final Fraction abortShare;
        private final String upstreamCluster;
        private final List<HeaderMatch> headers;

        private Settings(HTTPFault proto) {
            var delayProto = proto.getDelay();
            delay =
                    delayProto.hasFixedDelay()
                            ? Duration.ofNanos(Durations.toNanos(delayProto.getFixedDelay()))
                            : null;
            delayByHeader = delayProto.hasHeaderDelay();
            delayShare = Fraction.of(delayProto.getPercentage());
            FaultAbort abort = proto.getAbort();
            abortByHeader = abort.hasHeaderAbort();
            aborts = abort.hasHttpStatus() || abort.hasGrpcStatus();
            status = abort.hasHttpStatus() ? abort.getHttpStatus() : 200;
            grpcStatus = abort.hasGrpcStatus() ? abort.getGrpcStatus() : null;
            abortShare = Fraction.of(abort.getPercentage());
            upstreamCluster = proto.getUpstreamCluster();
            headers = HeaderMatch.compileAll(proto.getHeadersList());
        }

        /**
         * Compiles {@code proto}.
         *
         * @throws InvalidConfigException when it is invalid or asks for what is not modelled
         */
        public static Settings compile(HTTPFault proto) {
            if (proto.hasResponseRateLimit()) {
                throw new InvalidConfigException(
                        "fault response_rate_limit is not supported here; use delay or abort");
            }
            return new Settings(proto);
        }

        private boolean concerns(FilterContext context) {
            if (!upstreamCluster.isEmpty()) {
                boolean hit =
                        context.route() instanceof RouteDecision.Matched matched
                                && matched.target() != null
                                && matched.target().cluster().equals(upstreamCluster);
                if (!hit) {
                    return false;
                }
            }
            RequestHead request = context.request();
            return headers.stream().allMatch(header -> header.matches(request));
        }

        private @Nullable Duration delay(RequestHead request) {
            Integer millis = delayByHeader ? number(request, DELAY) : null;
            return millis == null || millis <= 0 ? delay : Duration.ofMillis(millis);
        }

        private @Nullable LocalReply abort(RequestHead request) {
            if (abortByHeader) {
                Integer code = number(request, ABORT);
                if (code != null && code >= 200 && code < 600) {
                    return reply(code, null);
                }
                Integer grpc = number(request, GRPC_ABORT);
                return grpc == null ? null : reply(200, grpc);
            }
            return aborts ? reply(status, grpcStatus) : null;
        }

        private static LocalReply reply(int status, @Nullable Integer grpcStatus) {
            return new LocalReply(
                    status,
                    BODY,
                    new HeaderMap(4),
                    "fault_filter_abort",
                    Set.of(ResponseFlag.FAULT_INJECTED),
                    grpcStatus);
        }
    }
}
