package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.GatewayServer;
import dev.meshdojo.simulator.pilot.model.Hosts;
import dev.meshdojo.simulator.pilot.model.MergedGateway;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Builds the route tables of a gateway proxy: virtual hosts and the order of their routes. */
public final class RouteTables {

    private static final int MAX_DIRECT_RESPONSE_BYTES = 1024 * 1024;

    private final ProxyIdentity proxy;
    private final Scope scope;

    /** A builder for one proxy. */
    public RouteTables(ProxyIdentity proxy, Scope scope) {
        this.proxy = proxy;
        this.scope = scope;
    }

    /** The tables that the proxy's listeners name. */
    public List<RouteConfiguration> build(MergedGateway gateway) {
        List<RouteConfiguration> out = new ArrayList<>();
        gateway.byRoute().forEach((name, servers) -> out.add(table(name, servers)));
        return out;
    }

    private RouteConfiguration table(String name, List<GatewayServer> servers) {
        Map<String, Host> hosts = new LinkedHashMap<>();
        Map<String, List<Route>> routes = new HashMap<>();
        for (GatewayServer server : servers) {
            for (VirtualService service : scope.virtualServices(server.gateway())) {
                attach(hosts, routes, server, service);
            }
            if (server.httpsRedirect()) {
                for (String host : server.hosts()) {
                    String domain = host.toLowerCase(Locale.ROOT);
                    hosts.computeIfAbsent(domain, d -> new Host(d, server.portNumber()))
                                    .requireTls =
                            true;
                }
            }
        }
        RouteConfiguration.Builder out =
                RouteConfiguration.newBuilder()
                        .setName(name)
                        .setValidateClusters(BoolValue.of(false))
                        .setIgnorePortInHostMatching(true)
                        .setMaxDirectResponseBodySizeBytes(
                                UInt32Value.of(MAX_DIRECT_RESPONSE_BYTES));
        if (hosts.isEmpty()) {
            return out.addVirtualHosts(
                            VirtualHost.newBuilder()
                                    .setName(
                                            domainName(
                                                    "blackhole", servers.getFirst().portNumber()))
                                    .addDomains("*"))
                    .build();
        }
        List<VirtualHost> built = collapse(hosts.values());
        built.sort(Comparator.comparing(VirtualHost::getName));
        return out.addAllVirtualHosts(built).build();
    }

    private void attach(
            Map<String, Host> hosts,
            Map<String, List<Route>> routes,
            GatewayServer server,
            VirtualService service) {
        List<String> common =
                Hosts.intersection(
                        Hosts.forNamespace(server.hosts(), service.namespace()), service.hosts());
        if (common.isEmpty()) {
            return;
        }
        List<Route> built =
                routes.computeIfAbsent(
                        server.gateway() + "|" + service.object().key(),
                        key ->
                                new RouteBuilder(
                                                proxy,
                                                scope,
                                                server.gateway(),
                                                server.portNumber(),
                                                server.tls().present())
                                        .build(service));
        if (built.isEmpty()) {
            routes.remove(server.gateway() + "|" + service.object().key());
            return;
        }
        for (String name : common) {
            Host host =
                    hosts.computeIfAbsent(
                            name.toLowerCase(Locale.ROOT),
                            domain -> new Host(domain, server.portNumber()));
            host.parts.add(built);
            host.requireTls |= server.httpsRedirect();
        }
    }

    /** Hosts with the very same routes become one virtual host, named after the first. */
    private static List<VirtualHost> collapse(java.util.Collection<Host> hosts) {
        List<Host> ordered = new ArrayList<>(hosts);
        ordered.sort(Comparator.comparing(host -> host.domain, Hosts.MOST_SPECIFIC_FIRST));
        Map<Fingerprint, VirtualHost.Builder> known = new LinkedHashMap<>();
        for (Host host : ordered) {
            VirtualHost.Builder same = known.get(host.fingerprint());
            if (same != null) {
                same.addDomains(host.domain);
            } else {
                known.put(host.fingerprint(), host.virtualHost());
            }
        }
        List<VirtualHost> out = new ArrayList<>(known.size());
        known.values().forEach(builder -> out.add(builder.build()));
        return out;
    }

    private static String domainName(String host, int port) {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }

    /** A virtual host in the making; {@code parts} holds one list a VirtualService. */
    private static final class Host {
        private final String domain;
        private final int port;
        private final List<List<Route>> parts = new ArrayList<>();
        private boolean requireTls;

        Host(String domain, int port) {
            this.domain = domain;
            this.port = port;
        }

        Fingerprint fingerprint() {
            return new Fingerprint(parts.stream().map(Identity::new).toList(), requireTls);
        }

        VirtualHost.Builder virtualHost() {
            VirtualHost.Builder out =
                    VirtualHost.newBuilder()
                            .setName(domainName(domain, port))
                            .addDomains(domain)
                            .setIncludeRequestAttemptCount(true);
            if (requireTls) {
                out.setRequireTls(VirtualHost.TlsRequirementType.ALL);
            }
            List<Route> last = new ArrayList<>();
            for (List<Route> part : parts) {
                for (Route route : part) {
                    if (RouteMatches.catchAll(route.getMatch())) {
                        last.add(route);
                    } else {
                        out.addRoutes(route);
                    }
                }
            }
            return out.addAllRoutes(last);
        }
    }

    /** What makes two hosts one: the same routes and the same demand for TLS. */
    private record Fingerprint(List<Identity> parts, boolean requireTls) {}

    /** A list of routes as the object it is, not by what it holds. */
    private record Identity(List<Route> routes) {
        @Override
        @SuppressWarnings("ReferenceEquality") // the very same list is what is asked for
        public boolean equals(@org.jspecify.annotations.Nullable Object other) {
            return other instanceof Identity identity && identity.routes == routes;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(routes);
        }
    }
}
