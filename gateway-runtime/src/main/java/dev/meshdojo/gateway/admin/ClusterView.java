package dev.meshdojo.gateway.admin;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Locality;
import java.util.List;

/**
 * One cluster and its endpoints at this moment.
 *
 * @param cluster its configuration
 * @param addedViaApi whether it is dynamic
 * @param hosts its endpoints
 */
public record ClusterView(Cluster cluster, boolean addedViaApi, List<Host> hosts) {

    public ClusterView {
        hosts = List.copyOf(hosts);
    }

    /**
     * One endpoint.
     *
     * @param address its IP address
     * @param port its port
     * @param hostname its host name; empty when configured by address
     * @param locality where it is
     * @param weight its load-balancing weight
     * @param priority its priority
     * @param failedOutlierCheck whether outlier detection ejected it
     * @param failedActiveHealthCheck whether active health checks fail
     * @param edsUnhealthy whether its control plane calls it unhealthy
     * @param counts what it did
     */
    public record Host(
            String address,
            int port,
            String hostname,
            Locality locality,
            int weight,
            int priority,
            boolean failedOutlierCheck,
            boolean failedActiveHealthCheck,
            boolean edsUnhealthy,
            Counts counts) {}

    /** Connections and requests of one endpoint, under Envoy's names. */
    public record Counts(
            long cxActive,
            long cxConnectFail,
            long cxTotal,
            long rqActive,
            long rqError,
            long rqPendingActive,
            long rqSuccess,
            long rqTimeout,
            long rqTotal) {

        /** Nothing happened yet. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
