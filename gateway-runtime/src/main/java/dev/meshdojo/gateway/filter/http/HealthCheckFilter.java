package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import java.util.List;

/**
 * Answers health checks itself. Source: Envoy "Health check". Not modelled: caching the upstream's
 * answers and counting healthy endpoints.
 */
public final class HealthCheckFilter implements HttpFilter {

    private final String name;
    private final boolean passThrough;
    private final List<HeaderMatch> headers;

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when it asks for what is not modelled
     */
    public HealthCheckFilter(String name, HealthCheck proto) {
        this.name = name;
        passThrough = proto.getPassThroughMode().getValue();
        headers = HeaderMatch.compileAll(proto.getHeadersList());
        if (proto.hasCacheTime() && !passThrough) {
            throw new InvalidConfigException(
                    "cache_time_ms must not be set when path_through_mode is disabled");
        }
        if (proto.hasCacheTime() || proto.getClusterMinHealthyPercentagesCount() > 0) {
            throw new InvalidConfigException(
                    "health_check: cache_time and cluster_min_healthy_percentages are not"
                            + " supported by this proxy");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        boolean check = headers.stream().allMatch(match -> match.matches(context.request()));
        if (!check || passThrough) {
            return FilterResult.proceed();
        }
        FilterResult answer = new FilterResult.Reply(LocalReply.of(200, "", "health_check_ok"));
        return context.requestEnded()
                ? answer
                : new FilterResult.Body(Long.MAX_VALUE, body -> answer);
    }
}
