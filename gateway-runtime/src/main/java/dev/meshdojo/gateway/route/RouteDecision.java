package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import org.jspecify.annotations.Nullable;

/** What a route table says of one request. */
public sealed interface RouteDecision {

    /** The host matches no domain: 404, {@code NR route_not_found}. */
    record NoHost(String host) implements RouteDecision {}

    /** The virtual host has no route for the request: 404, {@code NR route_not_found}. */
    record NoRoute(VirtualHost virtualHost) implements RouteDecision {}

    /**
     * A route matched.
     *
     * @param virtualHost where it stands
     * @param route the route
     * @param target the cluster chosen; null unless the action forwards
     */
    record Matched(VirtualHost virtualHost, Route route, @Nullable ClusterTarget target)
            implements RouteDecision {

        /** What the route does. */
        public RouteAction action() {
            return route.action();
        }

        /**
         * The most specific configuration of a filter for this request: weighted cluster, then
         * route, virtual host and table; null when there is none.
         */
        public @Nullable Object filterConfig(String filterName) {
            Object own = target == null ? null : target.filterConfigs().get(filterName);
            return own != null ? own : route.filterConfigs().get(filterName);
        }

        /**
         * Turns the client's head into the one that goes upstream: header operations in Envoy's
         * order, then the host rewrite, then the path rewrite, with {@code x-envoy-original-host}
         * and {@code x-envoy-original-path}. Call it once, when forwarding starts.
         */
        public void finalizeRequest(RequestHead head, StreamInfo info) {
            RequestFinalizer.apply(this, head, info);
        }

        /**
         * Applies the route's response header operations, to upstream responses and local replies
         * alike.
         *
         * @param request the request head as it is by now
         */
        public void finalizeResponse(HeaderMap response, RequestHead request, StreamInfo info) {
            if (target != null) {
                target.responseHeaders().applyToResponse(response, request, info);
            }
            for (HeaderOperations operations : route.responseOperations()) {
                operations.applyToResponse(response, request, info);
            }
        }
    }
}
