package dev.meshdojo.gateway.config;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.List;
import java.util.Objects;

/**
 * One complete, immutable configuration of a proxy: every xDS resource it shall run from now on.
 *
 * <p>State of the world, not a delta: what a snapshot does not name is removed. Resource order is
 * kept, since it is what {@code /config_dump} prints. Thread-safe.
 *
 * @param version an opaque label, unequal for unequal content; reported as {@code version_info}
 * @param listeners LDS resources
 * @param routes RDS resources, found by the listeners' {@code rds.route_config_name}
 * @param clusters CDS resources
 * @param endpoints EDS resources, found by cluster name
 * @param secrets SDS resources, found by {@code sds_config} names; a name that is absent counts as
 *     not yet delivered
 */
public record XdsSnapshot(
        String version,
        List<Listener> listeners,
        List<RouteConfiguration> routes,
        List<Cluster> clusters,
        List<ClusterLoadAssignment> endpoints,
        List<Secret> secrets) {

    public XdsSnapshot {
        Objects.requireNonNull(version, "version");
        listeners = List.copyOf(listeners);
        routes = List.copyOf(routes);
        clusters = List.copyOf(clusters);
        endpoints = List.copyOf(endpoints);
        secrets = List.copyOf(secrets);
    }

    /** The configuration of a proxy that was told nothing yet. */
    public static XdsSnapshot empty() {
        return new XdsSnapshot("", List.of(), List.of(), List.of(), List.of(), List.of());
    }
}
