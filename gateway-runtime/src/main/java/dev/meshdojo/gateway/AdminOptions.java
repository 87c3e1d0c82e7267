package dev.meshdojo.gateway;

import dev.meshdojo.gateway.telemetry.IstioMetrics;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime tells about itself, and where. Immutable.
 *
 * @param admin where Envoy's admin pages are served, such as 127.0.0.1:15000; null: nowhere
 * @param prometheus where {@code /stats/prometheus} alone is served, such as 0.0.0.0:15090; null:
 *     nowhere
 * @param agent where pilot-agent's pages are served, such as 0.0.0.0:15020; null: nowhere
 * @param bootstrap shown by {@code /config_dump} and {@code /server_info}; its {@code stats_config}
 *     counts, its static resources are shown as such but not run
 * @param workload the proxy as Istio's standard metrics name it; null: they are not kept
 */
public record AdminOptions(
        @Nullable InetSocketAddress admin,
        @Nullable InetSocketAddress prometheus,
        @Nullable InetSocketAddress agent,
        Bootstrap bootstrap,
        IstioMetrics.@Nullable Workload workload) {

    /** No ports and an empty bootstrap, which keeps all statistics. */
    public static AdminOptions none() {
        return new AdminOptions(null, null, null, Bootstrap.getDefaultInstance(), null);
    }
}
