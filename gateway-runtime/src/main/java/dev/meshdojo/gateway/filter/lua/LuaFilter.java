package dev.meshdojo.gateway.filter.lua;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.route.FilterConfigs;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.tls.DataSources;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs Lua scripts over requests and responses. Source: Envoy "Lua".
 *
 * <p>Not modelled: {@code importPublicKey}, {@code verifySignature}, {@code filterContext}, filter
 * state, typed metadata, {@code setUpstreamOverrideHost}.
 */
public final class LuaFilter implements HttpFilter {

    private final String name;
    private final @Nullable LuaScript script;
    private final Map<String, LuaScript> named = new HashMap<>();
    private final boolean clearRouteCache;

    /**
     * Compiles {@code proto}.
     *
     * @throws InvalidConfigException when a script cannot be compiled
     */
    @SuppressWarnings("deprecation") // inline_code is what most EnvoyFilters in use have
    public LuaFilter(String name, Lua proto) {
        this.name = name;
        if (proto.hasDefaultSourceCode() && !proto.getInlineCode().isEmpty()) {
            throw new InvalidConfigException(
                    "Error: Only one of `inline_code` or `default_source_code` can be set for the"
                            + " Lua filter.");
        }
        if (proto.hasDefaultSourceCode()) {
            script = new LuaScript(text(proto.getDefaultSourceCode()));
        } else if (!proto.getInlineCode().isEmpty()) {
            script = new LuaScript(proto.getInlineCode());
        } else {
            script = null;
        }
        proto.getSourceCodesMap()
                .forEach((key, source) -> named.put(key, new LuaScript(text(source))));
        clearRouteCache = !proto.hasClearRouteCache() || proto.getClearRouteCache().getValue();
    }

    private static String text(DataSource source) {
        return new String(DataSources.read(source), StandardCharsets.UTF_8);
    }

    /** What a route wants of the filter. */
    public static final class PerRoute {
        private final @Nullable String name;
        private final @Nullable LuaScript own;

        private PerRoute(LuaPerRoute proto) {
            name = proto.getName().isEmpty() ? null : proto.getName();
            own = proto.hasSourceCode() ? new LuaScript(text(proto.getSourceCode())) : null;
        }

        /**
         * Compiles a route's configuration.
         *
         * @throws InvalidConfigException when its script cannot be compiled
         */
        public static Object compile(LuaPerRoute proto) {
            return proto.getDisabled() ? new FilterConfigs.Disabled() : new PerRoute(proto);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean holdsResponses() {
        return true;
    }

    @Override
    public HttpFilter forExchange(FilterContext context) {
        return new LuaSession(this);
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        return forExchange(context).onRequest(context);
    }

    /** The script for an exchange, or null when none runs. */
    @Nullable LuaScript script(FilterContext context) {
        if (context.routeConfig(name) instanceof PerRoute route) {
            if (route.own != null) {
                return route.own;
            }
            return route.name == null ? script : named.get(route.name);
        }
        return script;
    }

    /** Whether a changed request is routed anew. */
    boolean clearRouteCache() {
        return clearRouteCache;
    }
}
