package dev.meshdojo.gateway.peer;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.ArrayList;
import java.util.List;

/** Builds the xDS that Istio's gateways get, with ports of this machine. */
final class Peers {

    private Peers() {}

    static Address address(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    static ClusterLoadAssignment assignment(String cluster, int... ports) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        for (int port : ports) {
            locality.addLbEndpoints(
                    LbEndpoint.newBuilder()
                            .setEndpoint(Endpoint.newBuilder().setAddress(address(port))));
        }
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(cluster)
                .addEndpoints(locality)
                .build();
    }

    static Cluster.Builder cluster(String name, int... ports) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.STATIC)
                .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                .setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN)
                .setLoadAssignment(assignment(name, ports));
    }

    /** HTTP/1 towards an upstream, said out loud, so that other options may stand beside it. */
    static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.Builder
            http1Options() {
        return io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(
                        io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                                .ExplicitHttpConfig.newBuilder()
                                .setHttpProtocolOptions(
                                        io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions
                                                .getDefaultInstance()));
    }

    /** The connection manager as Istio's gateways have it. */
    static HttpConnectionManager.Builder manager(String logPath) {
        return HttpConnectionManager.newBuilder()
                .setStatPrefix("gateway")
                .setRds(Rds.newBuilder().setRouteConfigName("http.8080"))
                .setServerName("istio-envoy")
                .setUseRemoteAddress(BoolValue.of(true))
                .setNormalizePath(BoolValue.of(true))
                .setProxy100Continue(true)
                .setDelayedCloseTimeout(Duration.newBuilder().setNanos(50_000_000))
                .setStreamIdleTimeout(Duration.getDefaultInstance())
                .setForwardClientCertDetails(
                        HttpConnectionManager.ForwardClientCertDetails.SANITIZE_SET)
                .setTracing(HttpConnectionManager.Tracing.getDefaultInstance())
                .addUpgradeConfigs(
                        HttpConnectionManager.UpgradeConfig.newBuilder()
                                .setUpgradeType("websocket"))
                .addAccessLog(log(logPath))
                .addHttpFilters(
                        HttpFilter.newBuilder()
                                .setName("envoy.filters.http.router")
                                .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    }

    static AccessLog log(String path) {
        return AccessLog.newBuilder()
                .setName("envoy.access_loggers.file")
                .setTypedConfig(
                        Any.pack(
                                FileAccessLog.newBuilder()
                                        .setPath(path)
                                        .setLogFormat(
                                                SubstitutionFormatString.newBuilder()
                                                        .setTextFormatSource(
                                                                DataSource.newBuilder()
                                                                        .setInlineString(
                                                                                "%REQ(:METHOD)%"
                                                                                        + " %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%"
                                                                                        + " %PROTOCOL%"
                                                                                        + " %RESPONSE_CODE%"
                                                                                        + " %RESPONSE_FLAGS%"
                                                                                        + " %RESPONSE_CODE_DETAILS%"
                                                                                        + " %BYTES_RECEIVED%"
                                                                                        + " %BYTES_SENT%"
                                                                                        + " %UPSTREAM_CLUSTER%"
                                                                                        + " %ROUTE_NAME%\n")))
                                        .build()))
                .build();
    }

    static Listener listener(int port, HttpConnectionManager manager) {
        return Listener.newBuilder()
                .setName("0.0.0.0_8080")
                .setAddress(address(port))
                .setTrafficDirection(TrafficDirection.OUTBOUND)
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(
                                        Filter.newBuilder()
                                                .setName(
                                                        "envoy.filters.network.http_connection_manager")
                                                .setTypedConfig(Any.pack(manager))))
                .setPerConnectionBufferLimitBytes(UInt32Value.of(1 << 20))
                .build();
    }

    static XdsSnapshot snapshot(
            List<Listener> listeners, RouteConfiguration routes, List<Cluster.Builder> clusters) {
        List<Cluster> built = new ArrayList<>();
        clusters.forEach(cluster -> built.add(cluster.build()));
        return new XdsSnapshot("1", listeners, List.of(routes), built, List.of(), List.of());
    }
}
