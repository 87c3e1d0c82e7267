package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One cluster a route may forward to, with what belongs to that choice alone.
 *
 * @param cluster the cluster's name; it need not exist
 * @param weighted whether it was picked from a list of weighted clusters
 * @param weight its share; 0 when not weighted
 * @param hostRewrite replaces the authority before the route's own operations; null keeps it
 * @param requestHeaders operations before the route's own
 * @param responseHeaders operations before the route's own
 * @param filterConfigs per-filter configuration, most specific of all
 * @param metadataMatch subset criteria; null when there are none
 */
public record ClusterTarget(
        String cluster,
        boolean weighted,
        long weight,
        @Nullable String hostRewrite,
        HeaderOperations requestHeaders,
        HeaderOperations responseHeaders,
        Map<String, Object> filterConfigs,
        @Nullable Metadata metadataMatch) {

    public ClusterTarget {
        filterConfigs = Map.copyOf(filterConfigs);
    }

    /** A plain cluster without anything of its own. */
    public static ClusterTarget of(String cluster) {
        return new ClusterTarget(
                cluster,
                false,
                0,
                null,
                HeaderOperations.NONE,
                HeaderOperations.NONE,
                Map.of(),
                null);
    }
}
