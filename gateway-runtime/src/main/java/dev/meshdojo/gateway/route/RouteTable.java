package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.RouteDecision.Matched;
import dev.meshdojo.gateway.route.VirtualHost.TlsRequirement;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled route configuration. Immutable and thread-safe; live traffic and explain use the same
 * matchers.
 *
 * <p>Source: Envoy "HTTP routing" and {@code RouteConfiguration}.
 */
public final class RouteTable {

    private static final Route TO_HTTPS =
            new Route(
                    "",
                    new dev.meshdojo.gateway.route.match.PathMatch.Prefix("", true),
                    List.of(),
                    new RouteAction.Redirect(301, RedirectRule.HTTPS),
                    List.<HeaderOperations>of(),
                    List.<HeaderOperations>of(),
                    Map.of(),
                    null,
                    "",
                    Metadata.getDefaultInstance(),
                    RateLimitActions.NONE);

    private final RouteConfiguration proto;
    private final String name;
    private final HostIndex hosts;
    private final List<VirtualHost> virtualHosts;
    private final boolean ignorePort;
    private final boolean ignorePathParameters;

    RouteTable(RouteConfiguration proto, HostIndex hosts, List<VirtualHost> virtualHosts) {
        this.proto = proto;
        this.name = proto.getName();
        this.hosts = hosts;
        this.virtualHosts = List.copyOf(virtualHosts);
        this.ignorePort = proto.getIgnorePortInHostMatching();
        this.ignorePathParameters = proto.getIgnorePathParametersInPathMatching();
    }

    /**
     * Compiles {@code proto} whole, or refuses it whole.
     *
     * @param filters compiles what routes carry for filters
     * @throws InvalidConfigException with Envoy's text when an element is invalid
     */
    public static RouteTable compile(RouteConfiguration proto, FilterConfigs filters) {
        return new TableCompiler(proto, filters, null).compile();
    }

    /**
     * Compiles a later version of this table; virtual hosts that did not change are taken over.
     *
     * @param next the later version
     * @param filters as for this table
     * @throws InvalidConfigException with Envoy's text when an element is invalid
     */
    public RouteTable recompile(RouteConfiguration next, FilterConfigs filters) {
        return new TableCompiler(next, filters, this).compile();
    }

    /** What the table was made from. */
    RouteConfiguration proto() {
        return proto;
    }

    /** The table's name. */
    public String name() {
        return name;
    }

    /** The virtual hosts as configured. */
    public List<VirtualHost> virtualHosts() {
        return virtualHosts;
    }

    /**
     * Picks the route for one request; the first match in table order wins. Never throws.
     *
     * @param random the stream's random number, for shares and weights; keep it when deciding anew
     */
    public RouteDecision decide(RequestHead request, StreamInfo info, long random) {
        String host = matchedHost(request);
        VirtualHost virtualHost = hosts.find(host);
        if (virtualHost == null) {
            return new RouteDecision.NoHost(host);
        }
        if (mustRedirect(virtualHost, request)) {
            return new Matched(virtualHost, TO_HTTPS, null);
        }
        Route route =
                virtualHost
                        .index()
                        .find(new MatchInput(request, info, random, ignorePathParameters));
        return route == null
                ? new RouteDecision.NoRoute(virtualHost)
                : matched(virtualHost, route, request, random);
    }

    /** The decision for one request, and why each route before it did not match. */
    public RouteTrace explain(RequestHead request, StreamInfo info, long random) {
        String host = matchedHost(request);
        VirtualHost virtualHost = hosts.find(host);
        if (virtualHost == null) {
            return new RouteTrace(name, host, List.of(), new RouteDecision.NoHost(host));
        }
        if (mustRedirect(virtualHost, request)) {
            Matched redirect = new Matched(virtualHost, TO_HTTPS, null);
            return new RouteTrace(name, host, List.of(), redirect);
        }
        MatchInput input = new MatchInput(request, info, random, ignorePathParameters);
        List<RouteTrace.Step> steps = new ArrayList<>();
        for (Route route : virtualHost.routes()) {
            Condition failed = route.firstFailure(input);
            if (failed == null) {
                steps.add(new RouteTrace.Step(route, null));
                return new RouteTrace(
                        name, host, steps, matched(virtualHost, route, request, random));
            }
            steps.add(
                    new RouteTrace.Step(
                            route,
                            new RouteTrace.Failure(failed.describe(), failed.observed(input))));
        }
        return new RouteTrace(name, host, steps, new RouteDecision.NoRoute(virtualHost));
    }

    private static Matched matched(
            VirtualHost virtualHost, Route route, RequestHead request, long random) {
        @Nullable ClusterTarget target =
                route.action() instanceof ForwardAction forward
                        ? forward.clusters().pick(request, random)
                        : null;
        return new Matched(virtualHost, route, target);
    }

    private static boolean mustRedirect(VirtualHost virtualHost, RequestHead request) {
        TlsRequirement requirement = virtualHost.requireTls();
        if (requirement == TlsRequirement.NONE) {
            return false;
        }
        String forwarded = request.headers().get("x-forwarded-proto");
        boolean plain = !(forwarded == null ? request.scheme() : forwarded).equals("https");
        return plain
                && (requirement == TlsRequirement.ALL
                        || !"true".equals(request.headers().get("x-envoy-internal")));
    }

    private String matchedHost(RequestHead request) {
        String host = request.authority();
        int port = ignorePort ? portStart(host) : -1;
        return (port < 0 ? host : host.substring(0, port)).toLowerCase(Locale.ROOT);
    }

    private static int portStart(String host) {
        int colon = host.lastIndexOf(':');
        return colon < host.lastIndexOf(']') ? -1 : colon;
    }
}
