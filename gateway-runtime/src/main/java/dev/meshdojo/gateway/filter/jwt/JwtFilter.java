package dev.meshdojo.gateway.filter.jwt;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.RequestMatch;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies JSON Web Tokens. A failure is 401, a wrong audience 403, with the reason as body.
 * Source: Envoy "JWT Authentication".
 *
 * <p>Not modelled: key sets fetched from a URI; tokens of such providers fail as they do in Envoy
 * when the fetch fails.
 */
public final class JwtFilter implements HttpFilter {

    private static final int MAX_REALM_PATH = 256;

    private record Rule(RequestMatch match, JwtRequirement requirement) {}

    private final String name;
    private final InstantSource clock;
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, JwtRequirement> namedRequirements = new HashMap<>();
    private final boolean bypassPreflight;
    private final boolean stripReason;

    /**
     * Compiles {@code proto}.
     *
     * @param clock what expiry is compared with
     * @throws InvalidConfigException when it is invalid
     */
    public JwtFilter(String name, JwtAuthentication proto, InstantSource clock) {
        this.name = name;
        this.clock = clock;
        Map<String, JwtProvider> providers = new HashMap<>();
        proto.getProvidersMap()
                .forEach((key, provider) -> providers.put(key, new JwtProvider(key, provider)));
        proto.getRequirementMapMap()
                .forEach(
                        (key, requirement) ->
                                namedRequirements.put(
                                        key,
                                        JwtRequirement.compile(requirement, providers, List.of())));
        for (RequirementRule rule : proto.getRulesList()) {
            rules.add(
                    new Rule(RequestMatch.compile(rule.getMatch()), requirement(rule, providers)));
        }
        bypassPreflight = proto.getBypassCorsPreflight();
        stripReason = proto.getStripFailureResponse();
    }

    private JwtRequirement requirement(RequirementRule rule, Map<String, JwtProvider> providers) {
        return switch (rule.getRequirementTypeCase()) {
            case REQUIRES -> JwtRequirement.compile(rule.getRequires(), providers, List.of());
            case REQUIREMENT_NAME -> named(rule.getRequirementName());
            case REQUIREMENTTYPE_NOT_SET -> new JwtRequirement.None();
        };
    }

    private JwtRequirement named(String requirement) {
        JwtRequirement found = namedRequirements.get(requirement);
        if (found == null) {
            throw new InvalidConfigException(
                    "Wrong requirement_name: "
                            + requirement
                            + ". It should be one of ["
                            + String.join(",", namedRequirements.keySet())
                            + "]");
        }
        return found;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        RequestHead request = context.request();
        if (bypassPreflight && preflight(request)) {
            return FilterResult.proceed();
        }
        JwtRequirement requirement = requirementFor(context);
        if (requirement == null) {
            return FilterResult.proceed();
        }
        String realm = realm(request);
        JwtSession session = new JwtSession(request, clock.instant().getEpochSecond());
        JwtStatus status = requirement.verify(session);
        if (status != JwtStatus.OK) {
            return new FilterResult.Reply(refusal(status, realm));
        }
        if (!session.extracted().isEmpty()) {
            context.streamInfo().dynamicMetadata().merge(name, session.extracted());
        }
        if (session.clearsRouteCache()) {
            context.clearRouteCache();
        }
        return FilterResult.proceed();
    }

    private @Nullable JwtRequirement requirementFor(FilterContext context) {
        if (context.routeConfig(name) instanceof PerRouteConfig own) {
            return own.getDisabled() ? null : named(own.getRequirementName());
        }
        for (Rule rule : rules) {
            if (rule.match.matches(context.request(), context.streamInfo(), context.random())) {
                return rule.requirement;
            }
        }
        return null;
    }

    private static boolean preflight(RequestHead request) {
        String origin = request.headers().get("origin");
        String method = request.headers().get("access-control-request-method");
        return request.method().equals("OPTIONS")
                && origin != null
                && !origin.isEmpty()
                && method != null
                && !method.isEmpty();
    }

    private LocalReply refusal(JwtStatus status, String realm) {
        HeaderMap headers = new HeaderMap(4);
        String challenge =
                stripReason
                        ? "Bearer"
                        : "Bearer realm=\""
                                + realm
                                + "\""
                                + (status == JwtStatus.MISSING ? "" : ", error=\"invalid_token\"");
        headers.add("www-authenticate", challenge);
        return new LocalReply(
                status == JwtStatus.AUDIENCE_NOT_ALLOWED ? 403 : 401,
                stripReason ? "" : status.text(),
                headers,
                "jwt_authn_access_denied{" + status.text().replace(' ', '_') + "}",
                Set.of(),
                null);
    }

    private static String realm(RequestHead request) {
        String original = request.headers().get("x-envoy-original-path");
        String path = original == null ? request.path() : original;
        return request.scheme()
                + "://"
                + request.authority()
                + path.substring(0, Math.min(path.length(), MAX_REALM_PATH));
    }
}
