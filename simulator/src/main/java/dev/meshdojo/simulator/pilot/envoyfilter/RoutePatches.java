package dev.meshdojo.simulator.pilot.envoyfilter;

import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Patches of route tables and what is in them. */
final class RoutePatches {

    private final List<Patch> patches;
    private final Map<Integer, Set<Integer>> servicePorts;

    /**
     * @param servicePorts the Service ports that lead to a listening port
     */
    RoutePatches(List<Patch> patches, Map<Integer, Set<Integer>> servicePorts) {
        this.patches = patches;
        this.servicePorts = servicePorts;
    }

    private List<Patch> of(String applyTo) {
        return patches.stream().filter(patch -> patch.applyTo().equals(applyTo)).toList();
    }

    RouteConfiguration apply(RouteConfiguration table) {
        RouteConfiguration.Builder out = table.toBuilder();
        for (Patch patch : of("ROUTE_CONFIGURATION")) {
            if (patch.is("MERGE") && matches(table, patch)) {
                ProtoValues.merge(out, patch.value());
            }
        }
        List<VirtualHost> hosts = new ArrayList<>();
        for (VirtualHost host : out.getVirtualHostsList()) {
            VirtualHost patched = virtualHost(table, host);
            if (patched != null) {
                hosts.add(patched);
            }
        }
        for (Patch patch : of("VIRTUAL_HOST")) {
            if (patch.is("ADD") && matches(table, patch)) {
                hosts.add((VirtualHost) patch.value());
            }
        }
        return out.clearVirtualHosts().addAllVirtualHosts(hosts).build();
    }

    /** A table's name is {@code http.8080} or {@code https.443.port-name.gateway.namespace}. */
    private boolean matches(RouteConfiguration table, Patch patch) {
        JsonView match = patch.table();
        String[] parts = table.getName().split("\\.", 5);
        boolean secured = parts.length == 5;
        String port = parts.length > 1 ? parts[1] : "";
        String portName = secured ? parts[2] : "";
        String gateway = secured ? parts[4] + "/" + parts[3] : "";
        return agrees(match.text("name"), table.getName())
                && agrees(match.text("portName"), portName)
                && agrees(match.text("gateway"), gateway)
                && portMatches(match.integer("portNumber"), port);
    }

    private boolean portMatches(int wanted, String port) {
        if (wanted == 0) {
            return true;
        }
        int own = port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
        return servicePorts.getOrDefault(own, Set.of(own)).contains(wanted);
    }

    private static boolean agrees(String wanted, String own) {
        return wanted.isEmpty() || wanted.equals(own);
    }

    private @Nullable VirtualHost virtualHost(RouteConfiguration table, VirtualHost host) {
        VirtualHost.Builder out = host.toBuilder();
        for (Patch patch : of("VIRTUAL_HOST")) {
            if (!matches(table, patch) || !matches(out.build(), patch)) {
                continue;
            }
            switch (patch.operation()) {
                case "REMOVE" -> {
                    return null;
                }
                case "MERGE" -> ProtoValues.merge(out, patch.value());
                case "REPLACE" -> out = ((VirtualHost) patch.value()).toBuilder();
                default -> {}
            }
        }
        routes(table, out);
        return out.build();
    }

    private static boolean matches(VirtualHost host, Patch patch) {
        JsonView match = patch.virtualHost();
        String domain = match.text("domainName");
        return agrees(match.text("name"), host.getName())
                && (domain.isEmpty() || host.getDomainsList().contains(domain));
    }

    private void routes(RouteConfiguration table, VirtualHost.Builder host) {
        VirtualHost own = host.build();
        List<Patch> concerned =
                of("HTTP_ROUTE").stream()
                        .filter(patch -> matches(table, patch) && matches(own, patch))
                        .toList();
        List<Route> routes = new ArrayList<>();
        for (Route route : own.getRoutesList()) {
            Route patched = route(concerned, route);
            if (patched != null) {
                routes.add(patched);
            }
        }
        for (Patch patch : concerned) {
            boolean named = patch.route().present();
            boolean found = routes.stream().anyMatch(route -> matches(route, patch));
            boolean adds = patch.is("ADD") || patch.operation().startsWith("INSERT_");
            if (adds && !(patch.is("INSERT_FIRST") && named && !found)) {
                routes =
                        PatchList.apply(
                                routes,
                                patch,
                                (Route) patch.value(),
                                named,
                                route -> matches(route, patch));
            }
        }
        host.clearRoutes().addAllRoutes(routes);
    }

    private static @Nullable Route route(List<Patch> concerned, Route route) {
        Route.Builder out = route.toBuilder();
        for (Patch patch : concerned) {
            if (!matches(out.build(), patch)) {
                continue;
            }
            if (patch.is("REMOVE")) {
                return null;
            }
            if (patch.is("MERGE")) {
                ProtoValues.merge(out, patch.value());
            }
        }
        return out.build();
    }

    private static boolean matches(Route route, Patch patch) {
        JsonView match = patch.route();
        String action = match.text("action");
        return agrees(match.text("name"), route.getName())
                && switch (action) {
                    case "ROUTE" -> route.hasRoute();
                    case "REDIRECT" -> route.hasRedirect();
                    case "DIRECT_RESPONSE" -> route.hasDirectResponse();
                    default -> true;
                };
    }
}
