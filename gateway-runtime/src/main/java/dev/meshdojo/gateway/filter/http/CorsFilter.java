package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.route.Fraction;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers preflights of allowed origins and marks responses to them; all settings come from the
 * route. Requested methods and headers are not compared with the lists. Source: Envoy "CORS".
 */
public final class CorsFilter implements HttpFilter {

    private static final String ALLOW_ORIGIN = "access-control-allow-origin";
    private static final String ALLOW_CREDENTIALS = "access-control-allow-credentials";
    private static final String EXPOSE_HEADERS = "access-control-expose-headers";

    private final String name;
    private @Nullable Policy welcome;
    private String welcomeOrigin = "";

    /** The filter under its configured name. */
    public CorsFilter(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public HttpFilter forExchange(FilterContext context) {
        return new CorsFilter(name);
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        RequestHead request = context.request();
        String origin = origin(request);
        if (origin == null
                || !forwards(context)
                || !(context.routeConfig(name) instanceof Policy policy)
                || !policy.enabled.includes(context.random())) {
            return FilterResult.proceed();
        }
        boolean allowed = policy.allows(origin);
        if (allowed && !policy.enabled.equals(Fraction.NONE)) {
            welcome = policy;
            welcomeOrigin = origin;
        }
        String method = request.headers().get("access-control-request-method");
        if (!request.method().equals("OPTIONS") || method == null || method.isEmpty()) {
            return FilterResult.proceed();
        }
        if (!allowed && policy.forwardUnmatched) {
            return FilterResult.proceed();
        }
        return new FilterResult.Reply(
                new LocalReply(
                        200,
                        "",
                        policy.preflightHeaders(request, method, allowed ? origin : null),
                        "cors_response",
                        Set.of(),
                        null));
    }

    @Override
    public void onResponse(FilterContext context, ResponseHead response) {
        Policy policy = welcome;
        if (policy == null) {
            return;
        }
        HeaderMap headers = response.headers();
        headers.set(ALLOW_ORIGIN, welcomeOrigin);
        if (policy.credentials) {
            headers.set(ALLOW_CREDENTIALS, "true");
        }
        if (!policy.exposeHeaders.isEmpty()) {
            headers.set(EXPOSE_HEADERS, policy.exposeHeaders);
        }
    }

    /** Redirects and direct responses are not entries of a route to Envoy, so they have no CORS. */
    private static boolean forwards(FilterContext context) {
        return context.route() instanceof RouteDecision.Matched matched
                && matched.action() instanceof ForwardAction;
    }

    private static @Nullable String origin(RequestHead request) {
        String origin = request.headers().get("origin");
        return origin == null || origin.isEmpty() ? null : origin;
    }

    /** A compiled {@code CorsPolicy}. Immutable. */
    public static final class Policy {

        private final List<StringMatch> origins;
        private final String methods;
        private final String allowHeaders;
        private final String exposeHeaders;
        private final String maxAge;
        private final boolean credentials;
        private final boolean privateNetwork;
        private final boolean forwardUnmatched;
        private final Fraction enabled;

        /** Compiles {@code proto}. */
        public Policy(CorsPolicy proto) {
            origins = StringMatch.compileAll(proto.getAllowOriginStringMatchList());
            methods = proto.getAllowMethods();
            allowHeaders = proto.getAllowHeaders();
            exposeHeaders = proto.getExposeHeaders();
            maxAge = proto.getMaxAge();
            credentials = proto.getAllowCredentials().getValue();
            privateNetwork = proto.getAllowPrivateNetworkAccess().getValue();
            forwardUnmatched =
                    !proto.hasForwardNotMatchingPreflights()
                            || proto.getForwardNotMatchingPreflights().getValue();
            enabled =
                    proto.hasFilterEnabled() ? Fraction.of(proto.getFilterEnabled()) : Fraction.ALL;
        }

        private boolean allows(String origin) {
            for (StringMatch match : origins) {
                if (match.matches(origin)
                        || (match instanceof StringMatch.Exact exact
                                && exact.value().equals("*"))) {
                    return true;
                }
            }
            return false;
        }

        private HeaderMap preflightHeaders(
                RequestHead request, String method, @Nullable String origin) {
            HeaderMap reply = new HeaderMap(8);
            if (origin != null) {
                reply.set(ALLOW_ORIGIN, origin);
            }
            if (credentials) {
                reply.set(ALLOW_CREDENTIALS, "true");
            }
            if (methods.equals("*")) {
                reply.set("access-control-allow-methods", method);
            } else if (!methods.isEmpty()) {
                reply.set("access-control-allow-methods", methods);
            }
            String requested = request.headers().get("access-control-request-headers");
            if (!allowHeaders.equals("*")) {
                setIfPresent(reply, "access-control-allow-headers", allowHeaders);
            } else if (requested != null) {
                reply.set("access-control-allow-headers", requested);
            }
            if (origin != null) {
                setIfPresent(reply, EXPOSE_HEADERS, exposeHeaders);
            }
            setIfPresent(reply, "access-control-max-age", maxAge);
            if (privateNetwork
                    && "true"
                            .equals(
                                    request.headers()
                                            .get("access-control-request-private-network"))) {
                reply.set("access-control-allow-private-network", "true");
            }
            return reply;
        }

        private static void setIfPresent(HeaderMap headers, String name, String value) {
            if (!value.isEmpty()) {
                headers.set(name, value);
            }
        }
    }
}
