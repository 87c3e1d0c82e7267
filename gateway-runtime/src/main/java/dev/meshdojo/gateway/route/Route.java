package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.PathMatch;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One compiled route. Immutable.
 *
 * @param name as configured; empty when it has none
 * @param path its path condition
 * @param conditions all its conditions, cheapest first, {@code path} among them
 * @param action what it does
 * @param requestOperations of route, virtual host and table, first applied first
 * @param responseOperations likewise
 * @param filterConfigs per-filter configuration, virtual host's and table's merged in
 * @param decorator null when it has none
 * @param statPrefix for per-route stats; empty for none
 * @param metadata as configured, {@code istio} origin included
 * @param rateLimits what rate limit filters count requests by, the virtual host's included
 */
public record Route(
        String name,
        PathMatch path,
        List<Condition> conditions,
        RouteAction action,
        List<HeaderOperations> requestOperations,
        List<HeaderOperations> responseOperations,
        Map<String, Object> filterConfigs,
        @Nullable Decorator decorator,
        String statPrefix,
        Metadata metadata,
        RateLimitActions rateLimits) {

    public Route {
        conditions = List.copyOf(conditions);
        requestOperations = List.copyOf(requestOperations);
        responseOperations = List.copyOf(responseOperations);
        filterConfigs = Map.copyOf(filterConfigs);
    }

    /**
     * A name for the operation a route performs.
     *
     * @param operation the name
     * @param propagate whether it goes upstream as {@code x-envoy-decorator-operation}
     */
    public record Decorator(String operation, boolean propagate) {}

    /** Whether every condition holds. */
    boolean matches(MatchInput input) {
        for (Condition condition : conditions) {
            if (!condition.holds(input)) {
                return false;
            }
        }
        return true;
    }

    /** The first condition that does not hold; null when all do. */
    @Nullable Condition firstFailure(MatchInput input) {
        for (Condition condition : conditions) {
            if (!condition.holds(input)) {
                return condition;
            }
        }
        return null;
    }

    /**
     * The Istio object this route comes from, as {@code
     * /apis/networking.istio.io/v1/namespaces/NS/virtual-service/NAME}; null when not recorded.
     */
    public @Nullable String origin() {
        var istio = metadata.getFilterMetadataMap().get("istio");
        var config = istio == null ? null : istio.getFieldsMap().get("config");
        return config == null || config.getStringValue().isEmpty() ? null : config.getStringValue();
    }

    /** The conditions in words. */
    public List<String> describe() {
        return conditions.stream().map(Condition::describe).toList();
    }
}
