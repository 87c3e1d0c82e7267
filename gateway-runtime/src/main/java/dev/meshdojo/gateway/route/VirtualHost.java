package dev.meshdojo.gateway.route;

import java.util.List;

/**
 * One compiled virtual host. Immutable.
 *
 * @param name as configured
 * @param domains as configured
 * @param routes in order
 * @param index finds the routes whose path may match
 * @param requireTls which plain-text requests are redirected to https
 * @param includeAttemptCount whether upstream requests carry {@code x-envoy-attempt-count}
 * @param includeAttemptCountInResponse whether responses carry it
 */
public record VirtualHost(
        String name,
        List<String> domains,
        List<Route> routes,
        RouteIndex index,
        TlsRequirement requireTls,
        boolean includeAttemptCount,
        boolean includeAttemptCountInResponse) {

    public VirtualHost {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }

    /** Which plain-text requests a virtual host redirects to https. */
    public enum TlsRequirement {
        /** None. */
        NONE,
        /** Those from outside. */
        EXTERNAL_ONLY,
        /** All. */
        ALL
    }
}
