package dev.meshdojo.simulator.pilot.proxyconfig;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rows of the summary tables, one list of cells a row, the heading first. */
public final class ProxyConfigTables {

    private static final String HCM = "envoy.filters.network.http_connection_manager";
    private static final String TCP = "envoy.filters.network.tcp_proxy";
    private static final int DOMAINS_SHOWN = 2;

    private ProxyConfigTables() {}

    /** {@code istioctl proxy-config listeners}. */
    public static List<List<String>> listeners(List<Listener> listeners) {
        List<List<String>> out = new ArrayList<>();
        out.add(List.of("ADDRESSES", "PORT", "MATCH", "DESTINATION"));
        List<Listener> sorted = new ArrayList<>(listeners);
        sorted.sort(
                Comparator.comparingInt(ProxyConfigTables::port)
                        .thenComparing(ProxyConfigTables::address));
        for (Listener listener : sorted) {
            List<List<String>> rows = new ArrayList<>();
            for (FilterChain chain : chains(listener)) {
                rows.add(
                        List.of(
                                address(listener),
                                Integer.toString(port(listener)),
                                match(chain.getFilterChainMatch()),
                                destination(chain)));
            }
            rows.sort(Comparator.comparing((List<String> row) -> row.get(3)).reversed());
            out.addAll(rows);
        }
        return out;
    }

    /** {@code istioctl proxy-config routes}. */
    public static List<List<String>> routes(List<RouteConfiguration> tables) {
        List<List<String>> out = new ArrayList<>();
        out.add(List.of("NAME", "VHOST NAME", "DOMAINS", "MATCH", "VIRTUAL SERVICE"));
        for (RouteConfiguration table : tables) {
            for (VirtualHost host : table.getVirtualHostsList()) {
                String domains = domains(host.getDomainsList());
                for (Route route : host.getRoutesList()) {
                    if (!route.getRoute().getCluster().equals("PassthroughCluster")) {
                        out.add(
                                List.of(
                                        table.getName(),
                                        host.getName(),
                                        domains,
                                        match(route.getMatch()),
                                        owner(route.getMetadata())));
                    }
                }
                if (host.getRoutesCount() == 0) {
                    out.add(List.of(table.getName(), host.getName(), domains, "/*", "404"));
                }
            }
        }
        return out;
    }

    /** {@code istioctl proxy-config clusters}. */
    public static List<List<String>> clusters(List<Cluster> clusters) {
        List<List<String>> out = new ArrayList<>();
        out.add(List.of("SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE", "DESTINATION RULE"));
        record Named(Cluster cluster, String direction, int port, String subset, String host) {}
        List<Named> sorted = new ArrayList<>();
        for (Cluster cluster : clusters) {
            String[] parts = cluster.getName().split("\\|", -1);
            sorted.add(
                    parts.length > 3
                            ? new Named(cluster, parts[0], number(parts[1]), parts[2], parts[3])
                            : new Named(cluster, "", 0, "", cluster.getName()));
        }
        sorted.sort(
                Comparator.comparing(Named::host)
                        .thenComparing(Named::subset)
                        .thenComparingInt(Named::port)
                        .thenComparing(Named::direction));
        for (Named named : sorted) {
            boolean parsed = !named.direction.isEmpty();
            out.add(
                    List.of(
                            named.host,
                            parsed ? Integer.toString(named.port) : "-",
                            named.subset.isEmpty() ? "-" : named.subset,
                            parsed ? named.direction : "-",
                            named.cluster.getType().name(),
                            owner(named.cluster.getMetadata())));
        }
        return out;
    }

    private static List<FilterChain> chains(Listener listener) {
        List<FilterChain> out = new ArrayList<>(listener.getFilterChainsList());
        if (listener.hasDefaultFilterChain()) {
            out.add(listener.getDefaultFilterChain());
        }
        return out;
    }

    private static String address(Listener listener) {
        return listener.getAddress().hasPipe()
                ? listener.getAddress().getPipe().getPath()
                : listener.getAddress().getSocketAddress().getAddress();
    }

    private static int port(Listener listener) {
        return listener.getAddress().getSocketAddress().getPortValue();
    }

    private static String match(FilterChainMatch match) {
        List<String> parts = new ArrayList<>();
        if (match.getServerNamesCount() > 0) {
            parts.add("SNI: " + String.join(",", match.getServerNamesList()));
        }
        if (!match.getTransportProtocol().isEmpty()) {
            parts.add("Trans: " + match.getTransportProtocol());
        }
        if (match.getApplicationProtocolsCount() > 0) {
            parts.add(protocols(match.getApplicationProtocolsList()));
        }
        String port = match.hasDestinationPort() ? ":" + match.getDestinationPort().getValue() : "";
        if (match.getPrefixRangesCount() > 0) {
            List<String> ranges =
                    match.getPrefixRangesList().stream()
                            .map(
                                    range ->
                                            range.getAddressPrefix()
                                                    + "/"
                                                    + range.getPrefixLen().getValue())
                            .toList();
            parts.add("Addr: " + String.join(",", ranges) + port);
        } else if (!port.isEmpty()) {
            parts.add("Addr: *" + port);
        }
        return parts.isEmpty() ? "ALL" : String.join("; ", parts);
    }

    private static String protocols(List<String> protocols) {
        String joined = String.join(",", protocols);
        return switch (joined) {
            case "http/1.0,http/1.1,h2c,istio-http/1.0,istio-http/1.1,istio-h2" -> "App: HTTP TLS";
            case "istio,istio-http/1.0,istio-http/1.1,istio-h2" -> "App: Istio HTTP Plain";
            case "istio-peer-exchange,istio" -> "App: TCP TLS";
            case "http/1.0,http/1.1,h2c" -> "App: HTTP";
            default -> "App: " + joined;
        };
    }

    private static String destination(FilterChain chain) {
        for (Filter filter : chain.getFiltersList()) {
            if (filter.getName().equals(HCM)) {
                HttpConnectionManager manager =
                        unpack(filter.getTypedConfig(), HttpConnectionManager.class);
                if (manager.hasRouteConfig()) {
                    return inline(manager.getRouteConfig());
                }
                String name = manager.getRds().getRouteConfigName();
                return name.isEmpty() ? "HTTP" : "Route: " + name;
            }
            if (filter.getName().equals(TCP)) {
                TcpProxy proxy = unpack(filter.getTypedConfig(), TcpProxy.class);
                if (proxy.getCluster().equals("BlackHoleCluster")) {
                    continue;
                }
                return proxy.getCluster().contains("Cluster")
                        ? proxy.getCluster()
                        : "Cluster: " + proxy.getCluster();
            }
        }
        return "Non-HTTP/Non-TCP";
    }

    private static String inline(RouteConfiguration table) {
        if (table.getVirtualHostsCount() == 1) {
            VirtualHost only = table.getVirtualHosts(0);
            if (only.getDomainsList().equals(List.of("*")) && only.getRoutesCount() == 1) {
                Route route = only.getRoutes(0);
                if (route.getMatch().getPrefix().equals("/") && route.hasRoute()) {
                    return "Cluster: " + route.getRoute().getCluster();
                }
            }
        }
        List<String> hosts = new ArrayList<>();
        for (VirtualHost host : table.getVirtualHostsList()) {
            List<String> routes =
                    host.getRoutesList().stream().map(route -> match(route.getMatch())).toList();
            hosts.add(
                    host.getDomainsList().equals(List.of("*"))
                            ? String.join(", ", routes)
                            : String.join(", ", host.getDomainsList())
                                    + " "
                                    + String.join(", ", routes));
        }
        return "Inline Route: " + String.join("; ", hosts);
    }

    private static String match(RouteMatch match) {
        return switch (match.getPathSpecifierCase()) {
            case PREFIX -> match.getPrefix().isEmpty() ? "" : match.getPrefix() + "*";
            case PATH -> match.getPath();
            case PATH_SEPARATED_PREFIX -> "PathPrefix:" + match.getPathSeparatedPrefix();
            case SAFE_REGEX -> "regex " + match.getSafeRegex().getRegex();
            default -> "/*";
        };
    }

    private static String domains(List<String> domains) {
        if (domains.size() < 2) {
            return String.join("", domains);
        }
        List<String> plain = new ArrayList<>();
        for (String domain : domains) {
            long colons = domain.chars().filter(c -> c == ':').count();
            if (colons == 0 || (colons > 2 && domain.endsWith("]"))) {
                plain.add(domain);
            }
        }
        Set<String> all = new HashSet<>(plain);
        plain.removeIf(
                domain ->
                        shorter(all, domain, ".svc.cluster.local") || shorter(all, domain, ".svc"));
        if (plain.size() > DOMAINS_SHOWN) {
            return String.join(", ", plain.subList(0, DOMAINS_SHOWN))
                    + " + "
                    + (plain.size() - DOMAINS_SHOWN)
                    + " more...";
        }
        return String.join(", ", plain);
    }

    private static boolean shorter(Set<String> all, String domain, String suffix) {
        return domain.endsWith(suffix)
                && all.contains(domain.substring(0, domain.length() - suffix.length()));
    }

    private static String owner(Metadata metadata) {
        Value config =
                metadata.getFilterMetadataOrDefault(
                                "istio", com.google.protobuf.Struct.getDefaultInstance())
                        .getFieldsMap()
                        .get("config");
        if (config == null) {
            return "";
        }
        String path = config.getStringValue();
        if (!path.startsWith("/apis/networking.istio.io/")) {
            return "<unknown>";
        }
        String[] pieces = path.split("/", -1);
        return pieces.length == 8 ? pieces[7] + "." + pieces[5] : "";
    }

    private static int number(String text) {
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    private static <T extends com.google.protobuf.Message> T unpack(Any any, Class<T> type) {
        try {
            return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a " + type.getSimpleName(), e);
        }
    }
}
