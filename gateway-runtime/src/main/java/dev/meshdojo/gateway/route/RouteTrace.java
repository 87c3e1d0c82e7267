package dev.meshdojo.gateway.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a table came to its decision.
 *
 * @param table the table's name
 * @param host the host that was looked up: lower-case, port stripped if the table says so
 * @param steps the routes looked at, in order; the last one is the match, if there is one
 * @param decision what came out
 */
public record RouteTrace(String table, String host, List<Step> steps, RouteDecision decision) {

    public RouteTrace {
        steps = List.copyOf(steps);
    }

    /**
     * One route.
     *
     * @param route the route
     * @param failure the first condition that failed; null for the match
     */
    public record Step(Route route, @Nullable Failure failure) {}

    /**
     * Why a route did not match.
     *
     * @param condition what it asks for, such as {@code path prefix "/api"}
     * @param observed what the request had, such as {@code "/web"}
     */
    public record Failure(String condition, String observed) {}
}
