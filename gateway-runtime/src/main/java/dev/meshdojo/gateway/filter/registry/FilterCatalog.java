package dev.meshdojo.gateway.filter.registry;

import com.google.protobuf.Any;
import com.google.protobuf.Internal;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.filter.authz.ExtAuthzFilter;
import dev.meshdojo.gateway.filter.http.BasicAuthFilter;
import dev.meshdojo.gateway.filter.http.BufferFilter;
import dev.meshdojo.gateway.filter.http.CompressorFilter;
import dev.meshdojo.gateway.filter.http.CorsFilter;
import dev.meshdojo.gateway.filter.http.CsrfFilter;
import dev.meshdojo.gateway.filter.http.DecompressorFilter;
import dev.meshdojo.gateway.filter.http.FaultFilter;
import dev.meshdojo.gateway.filter.http.HeaderMutationFilter;
import dev.meshdojo.gateway.filter.http.HeaderToMetadataFilter;
import dev.meshdojo.gateway.filter.http.HealthCheckFilter;
import dev.meshdojo.gateway.filter.http.LocalRateLimitFilter;
import dev.meshdojo.gateway.filter.http.OptInFilter;
import dev.meshdojo.gateway.filter.http.PassThroughFilter;
import dev.meshdojo.gateway.filter.http.RbacFilter;
import dev.meshdojo.gateway.filter.http.SetMetadataFilter;
import dev.meshdojo.gateway.filter.jwt.JwtFilter;
import dev.meshdojo.gateway.filter.lua.LuaFilter;
import dev.meshdojo.gateway.filter.rbac.RbacRules;
import dev.meshdojo.gateway.route.FilterConfigs;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ProtoConstraints;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuth;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.csrf.v3.CsrfPolicy;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_to_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBACPerRoute;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
                    "envoy.extensions.filters.http.set_filter_state.v3.Config",
                    "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
                    "io.istio.http.peer_metadata.Config",
                    "stats.PluginConfig",
                    "udpa.type.v1.TypedStruct",
                    "xds.type.v3.TypedStruct");

    /** Makes a filter of a configuration. */
    @FunctionalInterface
    private interface FilterCompiler {
        HttpFilter compile(String name, Any config);
    }

    /** What a type of configuration is for: a filter, a route, or both. */
    private record Kind(@Nullable FilterCompiler filter, @Nullable Function<Any, Object> route) {}

    private final InstantSource clock;
    private final Map<String, Kind> kinds = new HashMap<>();

    /** A catalog whose time-dependent filters read {@code clock}. */
    public FilterCatalog(InstantSource clock) {
        this.clock = clock;
        fillKinds();
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
        Kind kind = kinds.get(type);
        if (kind == null || kind.filter() == null) {
            throw unregistered(name, type);
        }
        return kind.filter().compile(name, config);
    }

    @Override
    public Object compile(String filterName, Any config) {
        String type = typeName(config);
        Kind kind = kinds.get(type);
        if (kind == null || kind.route() == null) {
            throw unregistered(filterName, type);
        }
        return kind.route().apply(config);
    }

    private boolean known(Any config) {
        Kind kind = kinds.get(typeName(config));
        return kind != null && kind.filter() != null;
    }

    private void fillKinds() {
        INVISIBLE.forEach(
                type ->
                        kinds.put(
                                type,
                                new Kind((name, any) -> new PassThroughFilter(name), any -> any)));
        both(
                HTTPFault.class,
                (name, proto) -> new FaultFilter(name, FaultFilter.Settings.compile(proto)),
                FaultFilter.Settings::compile);
        filter(Cors.class, (name, proto) -> new CorsFilter(name));
        route(CorsPolicy.class, CorsFilter.Policy::new);
        filter(RBAC.class, (name, proto) -> new RbacFilter(name, RbacRules.compile(proto)));
        route(RBACPerRoute.class, proto -> RbacRules.compile(proto.getRbac()));
        filter(JwtAuthentication.class, (name, proto) -> new JwtFilter(name, proto, clock));
        route(PerRouteConfig.class, proto -> proto);
        both(
                LocalRateLimit.class,
                (name, proto) ->
                        new LocalRateLimitFilter(
                                name, new LocalRateLimitFilter.Limit(proto, clock)),
                proto -> new LocalRateLimitFilter.Limit(proto, clock));
        filter(Lua.class, LuaFilter::new);
        route(LuaPerRoute.class, LuaFilter.PerRoute::compile);
        filter(Config.class, HeaderToMetadataFilter::new);
        filter(
                HeaderMutation.class,
                (name, proto) ->
                        new HeaderMutationFilter(
                                name, new HeaderMutationFilter.Steps(proto.getMutations())));
        route(
                HeaderMutationPerRoute.class,
                proto -> new HeaderMutationFilter.Steps(proto.getMutations()));
        filter(
                Buffer.class,
                (name, proto) -> new BufferFilter(name, BufferFilter.Limit.compile(proto)));
        route(
                BufferPerRoute.class,
                proto ->
                        proto.getDisabled()
                                ? new FilterConfigs.Disabled()
                                : BufferFilter.Limit.compile(proto.getBuffer()));
        filter(Compressor.class, CompressorFilter::new);
        route(
                CompressorPerRoute.class,
                proto -> proto.getDisabled() ? new FilterConfigs.Disabled() : proto);
        filter(Decompressor.class, DecompressorFilter::new);
        filter(ExtAuthz.class, ExtAuthzFilter::new);
        route(
                ExtAuthzPerRoute.class,
                proto ->
                        proto.getDisabled()
                                ? new FilterConfigs.Disabled()
                                : proto.getCheckSettings());
        filter(BasicAuth.class, BasicAuthFilter::new);
        route(BasicAuthPerRoute.class, proto -> BasicAuthFilter.Users.compile(proto.getUsers()));
        both(
                CsrfPolicy.class,
                (name, proto) -> new CsrfFilter(name, CsrfFilter.Policy.compile(proto)),
                CsrfFilter.Policy::compile);
        filter(
                io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Config.class,
                SetMetadataFilter::new);
        filter(HealthCheck.class, HealthCheckFilter::new);
    }

    private <T extends Message> void filter(Class<T> type, BiFunction<String, T, HttpFilter> make) {
        put(type, (name, any) -> make.apply(name, unpack(any, type)), null);
    }

    private <T extends Message> void route(Class<T> type, Function<T, Object> make) {
        put(type, null, any -> make.apply(unpack(any, type)));
    }

    private <T extends Message> void both(
            Class<T> type, BiFunction<String, T, HttpFilter> filter, Function<T, Object> route) {
        put(
                type,
                (name, any) -> filter.apply(name, unpack(any, type)),
                any -> route.apply(unpack(any, type)));
    }

    private <T extends Message> void put(
            Class<T> type, @Nullable FilterCompiler filter, @Nullable Function<Any, Object> route) {
        kinds.put(
                Internal.getDefaultInstance(type).getDescriptorForType().getFullName(),
                new Kind(filter, route));
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
