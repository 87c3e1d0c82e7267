package dev.meshdojo.gateway.filter.registry;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.filter.http.CorsFilter;
import dev.meshdojo.gateway.filter.http.FaultFilter;
import dev.meshdojo.gateway.filter.http.HeaderToMetadataFilter;
import dev.meshdojo.gateway.filter.http.LocalRateLimitFilter;
import dev.meshdojo.gateway.filter.http.OptInFilter;
import dev.meshdojo.gateway.filter.http.PassThroughFilter;
import dev.meshdojo.gateway.filter.http.RbacFilter;
import dev.meshdojo.gateway.filter.jwt.JwtFilter;
import dev.meshdojo.gateway.filter.lua.LuaFilter;
import dev.meshdojo.gateway.filter.rbac.RbacRules;
import dev.meshdojo.gateway.route.FilterConfigs;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ProtoConstraints;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The HTTP filters this proxy can run, found by the type of their configuration, as Envoy does. A
 * filter that is not among them is refused by name. Immutable and thread-safe.
 */
public final class FilterCatalog implements FilterConfigs {

    private static final String ROUTER = "envoy.extensions.filters.http.router.v3.Router";

    /** Filters whose work nobody outside this proxy sees. */
    private static final Set<String> INVISIBLE =
            Set.of(
                    "envoy.extensions.filters.http.grpc_stats.v3.FilterConfig",
                    "envoy.extensions.filters.http.grpc_web.v3.GrpcWeb",
                    "envoy.extensions.filters.http.buffer.v3.Buffer",
                    "envoy.extensions.filters.http.buffer.v3.BufferPerRoute",
                    "envoy.extensions.filters.http.set_filter_state.v3.Config",
                    "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
                    "io.istio.http.peer_metadata.Config",
                    "stats.PluginConfig",
                    "udpa.type.v1.TypedStruct",
                    "xds.type.v3.TypedStruct");

    private final InstantSource clock;

    /** A catalog whose time-dependent filters read {@code clock}. */
    public FilterCatalog(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Compiles the filters of a connection manager; the router ends the list and is not in the
     * chain.
     *
     * @throws InvalidConfigException with Envoy's text when a filter is unknown or invalid
     */
    public HttpFilterChain compileChain(
            List<
                            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager
                                    .v3.HttpFilter>
                    protos) {
        List<HttpFilter> filters = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            var proto = protos.get(i);
            boolean last = i == protos.size() - 1;
            boolean router = typeName(proto.getTypedConfig()).equals(ROUTER);
            if (router != last) {
                throw misplaced(proto.getName(), router);
            }
            if (!router && !(proto.getIsOptional() && !known(proto.getTypedConfig()))) {
                HttpFilter filter = compileFilter(proto.getName(), proto.getTypedConfig());
                filters.add(proto.getDisabled() ? new OptInFilter(filter) : filter);
            }
        }
        return new HttpFilterChain(filters);
    }

    private static InvalidConfigException misplaced(String name, boolean router) {
        return new InvalidConfigException(
                router
                        ? "Error: terminal filter named "
                                + name
                                + " of type envoy.filters.http.router must be the last filter in a"
                                + " http filter chain."
                        : "Error: non-terminal filter named "
                                + name
                                + " of type "
                                + name
                                + " is the last filter in a http filter chain.");
    }

    private HttpFilter compileFilter(String name, Any config) {
        String type = typeName(config);
        if (INVISIBLE.contains(type)) {
            return new PassThroughFilter(name);
        }
        if (config.is(HTTPFault.class)) {
            return new FaultFilter(
                    name, FaultFilter.Settings.compile(unpack(config, HTTPFault.class)));
        }
        if (config.is(Cors.class)) {
            return new CorsFilter(name);
        }
        if (config.is(RBAC.class)) {
            return new RbacFilter(name, RbacRules.compile(unpack(config, RBAC.class)));
        }
        if (config.is(JwtAuthentication.class)) {
            return new JwtFilter(name, unpack(config, JwtAuthentication.class), clock);
        }
        if (config.is(LocalRateLimit.class)) {
            return new LocalRateLimitFilter(
                    name,
                    new LocalRateLimitFilter.Limit(unpack(config, LocalRateLimit.class), clock));
        }
        if (config.is(Lua.class)) {
            return new LuaFilter(name, unpack(config, Lua.class));
        }
        if (config.is(Config.class)) {
            return new HeaderToMetadataFilter(name, unpack(config, Config.class));
        }
        throw unregistered(name, type);
    }

    @Override
    public Object compile(String filterName, Any config) {
        String type = typeName(config);
        if (INVISIBLE.contains(type)) {
            return config;
        }
        if (config.is(HTTPFault.class)) {
            return FaultFilter.Settings.compile(unpack(config, HTTPFault.class));
        }
        if (config.is(CorsPolicy.class)) {
            return new CorsFilter.Policy(unpack(config, CorsPolicy.class));
        }
        if (config.is(RBACPerRoute.class)) {
            RBACPerRoute perRoute = unpack(config, RBACPerRoute.class);
            return RbacRules.compile(perRoute.getRbac());
        }
        if (config.is(LocalRateLimit.class)) {
            return new LocalRateLimitFilter.Limit(unpack(config, LocalRateLimit.class), clock);
        }
        if (config.is(LuaPerRoute.class)) {
            return LuaFilter.PerRoute.compile(unpack(config, LuaPerRoute.class));
        }
        if (config.is(PerRouteConfig.class)) {
            return unpack(config, PerRouteConfig.class);
        }
        throw unregistered(filterName, type);
    }

    private boolean known(Any config) {
        String type = typeName(config);
        return INVISIBLE.contains(type)
                || config.is(HTTPFault.class)
                || config.is(Cors.class)
                || config.is(RBAC.class)
                || config.is(JwtAuthentication.class)
                || config.is(LocalRateLimit.class)
                || config.is(Lua.class)
                || config.is(Config.class);
    }

    private static String typeName(Any config) {
        String url = config.getTypeUrl();
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static <T extends Message> T unpack(Any config, Class<T> type) {
        try {
            T message = config.unpack(type);
            ProtoConstraints.check(message);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as " + typeName(config));
        }
    }

    private static InvalidConfigException unregistered(String name, String type) {
        return new InvalidConfigException(
                "Didn't find a registered implementation for '"
                        + name
                        + "' with type URL: '"
                        + type
                        + "'");
    }
}
