package dev.meshdojo.simulator.pilot.route;

import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.GatewayServer;
import dev.meshdojo.simulator.pilot.model.MergedGateway;
import dev.meshdojo.simulator.pilot.model.Scope;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the route tables of a gateway proxy and keeps them up to date. Not thread-safe; what it
 * hands out is immutable.
 */
public final class RouteTables {

    private final ProxyIdentity proxy;
    private final Map<String, VirtualHosts> tables = new HashMap<>();
    private final Map<String, RouteConfiguration> built = new HashMap<>();

    /** Tables for one proxy. */
    public RouteTables(ProxyIdentity proxy) {
        this.proxy = proxy;
    }

    /** The tables that the proxy's listeners name; unchanged ones are the same instances. */
    public List<RouteConfiguration> build(MergedGateway gateway, Scope scope) {
        Map<String, List<GatewayServer>> byRoute = gateway.byRoute();
        tables.keySet().retainAll(byRoute.keySet());
        built.keySet().retainAll(byRoute.keySet());
        List<RouteConfiguration> out = new ArrayList<>();
        byRoute.forEach(
                (name, servers) -> {
                    VirtualHosts table = tables.get(name);
                    if (table == null || !table.fits(servers, scope)) {
                        table = new VirtualHosts(proxy, name, servers);
                        tables.put(name, table);
                    }
                    RouteConfiguration now = table.update(scope);
                    RouteConfiguration before = built.get(name);
                    RouteConfiguration kept = now.equals(before) ? before : now;
                    built.put(name, kept);
                    out.add(kept);
                });
        return out;
    }
}
