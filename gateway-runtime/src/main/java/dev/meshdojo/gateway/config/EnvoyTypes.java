package dev.meshdojo.gateway.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.util.JsonFormat.TypeRegistry;
import java.util.List;

/** The protobuf types that a configuration may hold inside an {@code Any}. */
public final class EnvoyTypes {

    private static final List<Descriptor> ROOTS =
            List.of(
                    io.envoyproxy.envoy.admin.v3.ConfigDump.getDescriptor(),
                    io.envoyproxy.envoy.admin.v3.EndpointsConfigDump.getDescriptor(),
                    io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.getDescriptor(),
                    io.envoyproxy.envoy.config.listener.v3.Listener.getDescriptor(),
                    io.envoyproxy.envoy.config.cluster.v3.Cluster.getDescriptor(),
                    io.envoyproxy.envoy.config.route.v3.RouteConfiguration.getDescriptor(),
                    io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.getDescriptor(),
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret.getDescriptor(),
                    io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3
                            .HttpConnectionManager.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.router.v3.Router.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua.getDescriptor(),
                    io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3
                            .ProxyProtocolUpstreamTransport.getDescriptor(),
                    io.envoyproxy.envoy.extensions.http.header_formatters.preserve_case.v3
                            .PreserveCaseFormatterConfig.getDescriptor(),
                    io.envoyproxy.envoy.config.trace.v3.ZipkinConfig.getDescriptor(),
                    io.envoyproxy.envoy.config.trace.v3.DatadogConfig.getDescriptor(),
                    io.envoyproxy.envoy.config.trace.v3.SkyWalkingConfig.getDescriptor(),
                    io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig.getDescriptor(),
                    io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3
                            .PreviousHostsPredicate.getDescriptor(),
                    io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin
                            .getDescriptor(),
                    io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3
                            .LeastRequest.getDescriptor(),
                    com.github.udpa.udpa.type.v1.TypedStruct.getDescriptor(),
                    com.github.xds.type.v3.TypedStruct.getDescriptor(),
                    com.google.protobuf.Struct.getDescriptor());

    private static final TypeRegistry TYPES = types();

    private EnvoyTypes() {}

    private static TypeRegistry types() {
        TypeRegistry.Builder types = TypeRegistry.newBuilder();
        ROOTS.forEach(types::add);
        return types.build();
    }

    /** For printing and reading Envoy's protos as JSON; immutable. */
    public static TypeRegistry registry() {
        return TYPES;
    }
}
