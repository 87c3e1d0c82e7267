package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.Any;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.ConfigMetadata;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import io.envoyproxy.envoy.config.route.v3.Decorator;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Expands the HTTP rules of one VirtualService into Envoy routes, one a match, for one Gateway and
 * listening port. Rules after the first that takes every request are left out.
 *
 * @param proxy the proxy the routes are for
 * @param scope what it sees of the mesh
 * @param gateway {@code namespace/name} of the Gateway
 * @param port the server's port number as written in the Gateway
 * @param tls whether the server has TLS settings
 */
public record RouteBuilder(
        ProxyIdentity proxy, Scope scope, String gateway, int port, boolean tls) {

    /** The routes in order; empty when no rule applies here. */
    public List<Route> build(VirtualService service) {
        List<Route> out = new ArrayList<>();
        for (JsonView rule : service.http()) {
            List<JsonView> matches = rule.list("match");
            if (matches.isEmpty()) {
                out.add(route(service, rule, null));
                return out;
            }
            for (JsonView match : matches) {
                if (!applies(match)) {
                    continue;
                }
                Route route = route(service, rule, match);
                out.add(route);
                if (RouteMatches.catchAll(route.getMatch())) {
                    return out;
                }
            }
        }
        return out;
    }

    private boolean applies(JsonView match) {
        int wanted = match.integer("port");
        if (wanted != 0 && wanted != port) {
            return false;
        }
        List<String> gateways = match.texts("gateways");
        if (!gateways.isEmpty()) {
            return gateways.contains(gateway);
        }
        String namespace = match.text("sourceNamespace");
        return proxy.labels().entrySet().containsAll(match.textMap("sourceLabels").entrySet())
                && (namespace.isEmpty() || namespace.equals(proxy.namespace()));
    }

    private Route route(VirtualService service, JsonView rule, @Nullable JsonView match) {
        String name = rule.text("name");
        if (match != null && !match.text("name").isEmpty()) {
            name = name + "." + match.text("name");
        }
        Route.Builder out =
                Route.newBuilder()
                        .setName(name)
                        .setMatch(RouteMatches.of(match, service.semantics()))
                        .setMetadata(ConfigMetadata.of(service.object()));
        if (match != null) {
            out.setStatPrefix(match.text("statPrefix"));
        }
        String authority = "";
        if (rule.has("headers")) {
            HeaderOperations headers = HeaderOperations.of(rule.at("headers"));
            out.addAllRequestHeadersToAdd(headers.requestAdd())
                    .addAllRequestHeadersToRemove(headers.requestRemove())
                    .addAllResponseHeadersToAdd(headers.responseAdd())
                    .addAllResponseHeadersToRemove(headers.responseRemove());
            authority = headers.authority();
        }
        if (rule.has("redirect")) {
            FixedAnswers.redirect(out, rule.at("redirect"), port, tls);
        } else if (rule.has("directResponse")) {
            FixedAnswers.direct(out, rule.at("directResponse"));
        } else {
            new Forwarding(scope, service, port).apply(out, rule, authority);
        }
        out.setDecorator(Decorator.newBuilder().setOperation(operation(out, service)));
        if (rule.has("fault")) {
            HTTPFault fault = RouteFilters.fault(rule.at("fault"));
            if (fault != null) {
                out.putTypedPerFilterConfig("envoy.filters.http.fault", Any.pack(fault));
            }
        }
        if (rule.has("corsPolicy")) {
            out.putTypedPerFilterConfig(
                    "envoy.filters.http.cors", Any.pack(RouteFilters.cors(rule.at("corsPolicy"))));
        }
        return out.build();
    }

    private String operation(Route.Builder route, VirtualService service) {
        RouteMatch match = route.getMatch();
        String path =
                switch (match.getPathSpecifierCase()) {
                    case PREFIX -> match.getPrefix() + "*";
                    case PATH -> match.getPath();
                    case SAFE_REGEX -> match.getSafeRegex().getRegex();
                    default -> "/*";
                };
        String cluster = route.getRoute().getCluster();
        String[] parts = cluster.split("\\|", -1);
        if (parts.length == 4) {
            return parts[3] + ":" + parts[1] + path;
        }
        return service.name() + ":" + port + path;
    }
}
