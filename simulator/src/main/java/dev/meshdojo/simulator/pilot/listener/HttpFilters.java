package dev.meshdojo.simulator.pilot.listener;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.Protocol;
import dev.meshdojo.simulator.pilot.model.ProxyHeaders;
import dev.meshdojo.simulator.pilot.security.AuthenticationFilters;
import dev.meshdojo.simulator.pilot.security.AuthorizationFilters;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.grpc_web.v3.GrpcWeb;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * The HTTP filters of a gateway in Istio's order: authentication, authorization, gRPC statistics,
 * fault, CORS, router. Istio's own filters, which a stock Envoy lacks, are left out.
 */
final class HttpFilters {

    private static final HttpFilter GRPC_STATS =
            filter(
                    "grpc_stats",
                    FilterConfig.newBuilder()
                            .setEmitFilterState(true)
                            .setStatsForAllMethods(BoolValue.of(false))
                            .build());
    private static final HttpFilter GRPC_WEB = filter("grpc_web", GrpcWeb.getDefaultInstance());
    private static final HttpFilter FAULT = filter("fault", HTTPFault.getDefaultInstance());
    private static final HttpFilter CORS = filter("cors", Cors.getDefaultInstance());

    private final List<HttpFilter> first = new ArrayList<>();
    private final boolean suppressDebugHeaders;

    HttpFilters(MeshModel model, ProxyIdentity proxy, JwksSource keys, ProxyHeaders headers) {
        AuthorizationFilters authorization = new AuthorizationFilters(model, proxy);
        first.addAll(authorization.custom());
        first.addAll(AuthenticationFilters.of(model, proxy, keys));
        first.addAll(authorization.http());
        this.suppressDebugHeaders = headers.suppressDebugHeaders();
    }

    List<HttpFilter> of(Protocol protocol) {
        List<HttpFilter> out = new ArrayList<>(first);
        if (protocol == Protocol.GRPC_WEB) {
            out.add(GRPC_WEB);
        }
        out.add(GRPC_STATS);
        out.add(FAULT);
        out.add(CORS);
        out.add(
                filter(
                        "router",
                        Router.newBuilder().setSuppressEnvoyHeaders(suppressDebugHeaders).build()));
        return out;
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName("envoy.filters.http." + name)
                .setTypedConfig(Any.pack(config))
                .build();
    }
}
