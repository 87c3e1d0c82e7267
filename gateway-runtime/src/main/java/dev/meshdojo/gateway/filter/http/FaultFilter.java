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
        Duration delay = settings.delay;
        boolean delayed = delay != null && settings.delayShare.includes(context.random());
        boolean aborted = settings.aborts && settings.abortShare.includes(context.random());
        FilterResult then = aborted ? settings.abort() : FilterResult.proceed();
        if (delayed && delay != null) {
            context.raise(ResponseFlag.DELAY_INJECTED);
            return new FilterResult.Delay(delay, then);
        }
        return then;
    }

    /** A compiled {@code HTTPFault}. Immutable. */
    public static final class Settings {

        private final @Nullable Duration delay;
        private final Fraction delayShare;
        private final boolean aborts;
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
            delayShare = Fraction.of(delayProto.getPercentage());
            FaultAbort abort = proto.getAbort();
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

        private FilterResult abort() {
            return new FilterResult.Reply(
                    new LocalReply(
                            status,
                            BODY,
                            new HeaderMap(4),
                            "fault_filter_abort",
                            Set.of(ResponseFlag.FAULT_INJECTED),
                            grpcStatus));
        }
    }
}
