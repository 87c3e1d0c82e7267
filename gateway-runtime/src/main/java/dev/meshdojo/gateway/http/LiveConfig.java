package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.route.RouteTable;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The route tables and clusters of one snapshot. Immutable; an exchange reads the one in force once
 * and keeps it to its end.
 */
public record LiveConfig(Map<String, RouteTable> tables, Map<String, UpstreamCluster> clusters) {

    /** Nothing yet. */
    public static final LiveConfig EMPTY = new LiveConfig(Map.of(), Map.of());

    /** The route table of that name, or null when it was not delivered. */
    public @Nullable RouteTable table(String name) {
        return tables.get(name);
    }

    /** The cluster of that name, or null when there is none. */
    public @Nullable UpstreamCluster cluster(String name) {
        return clusters.get(name);
    }
}
