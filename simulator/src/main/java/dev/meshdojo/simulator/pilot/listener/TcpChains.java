package dev.meshdojo.simulator.pilot.listener;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import dev.meshdojo.simulator.pilot.model.DestinationRule;
import dev.meshdojo.simulator.pilot.model.GatewayServer;
import dev.meshdojo.simulator.pilot.model.Hosts;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.Protocol;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.model.Service;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import dev.meshdojo.simulator.pilot.route.Destinations;
import dev.meshdojo.simulator.pilot.route.HashPolicies;
import dev.meshdojo.simulator.pilot.security.TlsContexts;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.type.v3.HashPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filter chains of servers that pass bytes on without HTTP: TCP, TLS, TLS passed through. */
final class TcpChains {

    private static final String PROXY = "envoy.filters.network.tcp_proxy";
    private static final List<String> MESH_ALPN =
            List.of("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2");

    private final Scope scope;
    private final List<Filter> authorization;
    private final AccessLogs accessLogs;
    private final Map<Integer, Map<String, String>> sniByPort = new HashMap<>();

    TcpChains(Scope scope, List<Filter> authorization, AccessLogs accessLogs) {
        this.scope = scope;
        this.authorization = authorization;
        this.accessLogs = accessLogs;
    }

    /** The chains of a server; none when no rule leads anywhere. */
    List<Chain> of(GatewayServer server, int listeningPort) {
        if (server.tls().present() && server.passthrough()) {
            return server.mode() == GatewayServer.TlsMode.AUTO_PASSTHROUGH
                    ? automatic(server)
                    : bySni(server, listeningPort);
        }
        List<Filter> filters = opaque(server);
        if (filters.isEmpty()) {
            return List.of();
        }
        return List.of(
                server.tls().present()
                        ? new Chain(
                                server.sniHosts(),
                                List.of(),
                                TlsContexts.downstream(server, scope),
                                filters)
                        : new Chain(List.of(), List.of(), null, filters));
    }

    /** The first rule of the first VirtualService that fits. */
    private List<Filter> opaque(GatewayServer server) {
        for (VirtualService service : scope.virtualServices(server.gateway())) {
            if (!serves(server, service)) {
                continue;
            }
            for (JsonView rule : service.spec().list("tcp")) {
                List<JsonView> matches = rule.list("match");
                boolean fits =
                        matches.isEmpty()
                                || matches.stream().anyMatch(match -> fits(match, server));
                if (fits && !rule.list("route").isEmpty()) {
                    return filters(rule.list("route"), server.portNumber(), service);
                }
            }
            boolean tlsRoute =
                    service.object()
                            .annotations()
                            .getOrDefault(VirtualService.PARENTS, "")
                            .startsWith("TLSRoute/");
            if (tlsRoute) {
                for (JsonView rule : service.spec().list("tls")) {
                    if (rule.list("match").stream().anyMatch(match -> fits(match, server))) {
                        return filters(rule.list("route"), server.portNumber(), service);
                    }
                }
            }
        }
        return List.of();
    }

    private List<Chain> bySni(GatewayServer server, int listeningPort) {
        Map<String, String> known = sniByPort.computeIfAbsent(listeningPort, p -> new HashMap<>());
        List<Chain> out = new ArrayList<>();
        for (VirtualService service : scope.virtualServices(server.gateway())) {
            if (!serves(server, service)) {
                continue;
            }
            for (JsonView rule : service.spec().list("tls")) {
                for (JsonView match : rule.list("match")) {
                    List<String> names = match.texts("sniHosts");
                    if (rule.list("route").isEmpty()
                            || !fits(match, server)
                            || names.stream()
                                    .anyMatch(name -> server.bind().equals(known.get(name)))) {
                        continue;
                    }
                    names.forEach(name -> known.put(name, server.bind()));
                    out.add(
                            new Chain(
                                    names,
                                    List.of(),
                                    null,
                                    filters(rule.list("route"), server.portNumber(), service)));
                }
            }
        }
        return out;
    }

    /** A chain for each Service, subset and port that a client of the mesh may name. */
    private List<Chain> automatic(GatewayServer server) {
        List<Chain> out = new ArrayList<>();
        for (Service service : scope.services()) {
            if (service.meshExternal()
                    || service.resolution() == Service.Resolution.ALIAS
                    || server.sniHosts().stream()
                            .noneMatch(host -> Hosts.subset(service.hostname(), host))) {
                continue;
            }
            DestinationRule rule = scope.destinationRule(service.hostname());
            for (Service.Port port : service.ports()) {
                if (port.protocol() == Protocol.UDP) {
                    continue;
                }
                out.add(automatic(service, port, "", rule));
                if (rule != null) {
                    for (JsonView subset : rule.subsets()) {
                        out.add(automatic(service, port, subset.text("name"), rule));
                    }
                }
            }
        }
        return out;
    }

    private Chain automatic(
            Service service, Service.Port port, String subset, @Nullable DestinationRule rule) {
        String name = Destinations.sniClusterName(subset, service.hostname(), port.number());
        TcpProxy.Builder proxy = proxy(name, rule).setCluster(name);
        hash(proxy, rule, subset);
        return new Chain(List.of(name), MESH_ALPN, null, List.of(filter(proxy)));
    }

    private List<Filter> filters(List<JsonView> routes, int port, VirtualService owner) {
        String host = routes.getFirst().at("destination").text("host");
        Service service = scope.service(host);
        DestinationRule rule = service == null ? null : scope.destinationRule(host);
        TcpProxy.Builder proxy;
        if (routes.size() == 1) {
            JsonView destination = routes.getFirst().at("destination");
            String cluster = Destinations.clusterName(destination, service, port);
            proxy = proxy(cluster, rule).setCluster(cluster);
            hash(proxy, rule, destination.text("subset"));
            tunnel(proxy, rule, destination.text("subset"));
        } else {
            proxy = proxy(owner.name() + "." + owner.namespace(), rule);
            for (JsonView route : routes) {
                if (route.integer("weight") > 0) {
                    JsonView destination = route.at("destination");
                    proxy.getWeightedClustersBuilder()
                            .addClustersBuilder()
                            .setName(
                                    Destinations.clusterName(
                                            destination,
                                            scope.service(destination.text("host")),
                                            port))
                            .setWeight(route.integer("weight"));
                }
            }
            hash(proxy, rule, "");
            tunnel(proxy, rule, "");
        }
        List<Filter> out = new ArrayList<>(authorization);
        out.add(filter(proxy));
        return out;
    }

    private TcpProxy.Builder proxy(String statPrefix, @Nullable DestinationRule rule) {
        TcpProxy.Builder out =
                TcpProxy.newBuilder().setStatPrefix(statPrefix).addAllAccessLog(accessLogs.logs());
        JsonView tcp =
                rule == null
                        ? JsonView.ABSENT
                        : rule.trafficPolicy().at("connectionPool").at("tcp");
        Duration idle = tcp.duration("idleTimeout");
        if (idle != null) {
            out.setIdleTimeout(idle);
        }
        Duration age = tcp.duration("maxConnectionDuration");
        if (age != null) {
            out.setMaxDownstreamConnectionDuration(age);
        }
        return out;
    }

    /**
     * Sends the bytes through an HTTP tunnel where the rule, or the subset's part of it, says so.
     */
    private static void tunnel(
            TcpProxy.Builder proxy, @Nullable DestinationRule rule, String subset) {
        if (rule == null) {
            return;
        }
        JsonView part = subset.isEmpty() ? null : rule.subset(subset);
        JsonView policy =
                subset.isEmpty()
                        ? rule.trafficPolicy()
                        : part == null ? JsonView.ABSENT : part.at("trafficPolicy");
        JsonView tunnel = policy.at("tunnel");
        if (!tunnel.present()) {
            return;
        }
        String host = tunnel.text("targetHost");
        proxy.getTunnelingConfigBuilder()
                .setHostname(
                        (host.contains(":") ? "[" + host + "]" : host)
                                + ":"
                                + tunnel.integer("targetPort"))
                .setUsePost(tunnel.text("protocol").equals("POST"));
    }

    private static void hash(
            TcpProxy.Builder proxy, @Nullable DestinationRule rule, String subset) {
        JsonView destination =
                JsonView.of(
                        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                                .objectNode()
                                .put("subset", subset));
        if (HashPolicies.settings(rule, destination).flag("useSourceIp")) {
            proxy.addHashPolicy(
                    HashPolicy.newBuilder().setSourceIp(HashPolicy.SourceIp.getDefaultInstance()));
        }
    }

    private static Filter filter(TcpProxy.Builder proxy) {
        return Filter.newBuilder().setName(PROXY).setTypedConfig(Any.pack(proxy.build())).build();
    }

    private static boolean serves(GatewayServer server, VirtualService service) {
        List<String> admitted = Hosts.forNamespace(server.hosts(), service.namespace());
        return service.hosts().stream()
                .anyMatch(host -> admitted.stream().anyMatch(own -> Hosts.overlap(own, host)));
    }

    private static boolean fits(JsonView match, GatewayServer server) {
        int port = match.integer("port");
        List<String> gateways = match.texts("gateways");
        return (port == 0 || port == server.portNumber())
                && (gateways.isEmpty() || gateways.contains(server.gateway()));
    }
}
