package dev.meshdojo.simulator.pilot.route;

import dev.meshdojo.simulator.pilot.model.GatewayServer;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One host of a route table and the routes it has from each VirtualService. */
final class HostEntry {

    /**
     * Routes that one VirtualService gives a host on one server.
     *
     * @param server place of the server in the table
     */
    record Part(int server, VirtualService service, List<Route> routes) {}

    /** What makes two hosts one: the same routes and the same demand for TLS. */
    record Fingerprint(List<Identity> parts, boolean requireTls) {}

    /** A list of routes as the object it is, not by what it holds. */
    record Identity(List<Route> routes) {
        @Override
        @SuppressWarnings("ReferenceEquality") // the very same list is what is asked for
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity identity && identity.routes == routes;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(routes);
        }
    }

    private final String domain;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable Fingerprint grouped;
    private int firstServer;

    HostEntry(String domain) {
        this.domain = domain;
    }

    /** Adds routes after those of earlier servers and of VirtualServices that take precedence. */
    void add(Part part, Comparator<VirtualService> precedence) {
        int position = parts.size();
        while (position > 0 && before(part, parts.get(position - 1), precedence)) {
            position--;
        }
        parts.add(position, part);
    }

    private static boolean before(Part a, Part b, Comparator<VirtualService> precedence) {
        return a.server != b.server
                ? a.server < b.server
                : precedence.compare(a.service, b.service) < 0;
    }

    @SuppressWarnings("ReferenceEquality") // these very routes, not others that are equal
    void remove(List<Route> routes) {
        parts.removeIf(part -> part.routes == routes);
    }

    boolean empty() {
        return parts.isEmpty();
    }

    /** How it was grouped last, or null. */
    @Nullable Fingerprint grouped() {
        return grouped;
    }

    /**
     * How it is to be grouped now.
     *
     * @param redirect place of the first server that sends the host's plain requests to https, or
     *     null
     */
    Fingerprint group(List<GatewayServer> servers, @Nullable Integer redirect) {
        boolean requireTls = redirect != null;
        firstServer = redirect == null ? Integer.MAX_VALUE : redirect;
        List<Identity> identities = new ArrayList<>(parts.size());
        for (Part part : parts) {
            identities.add(new Identity(part.routes));
            requireTls |= servers.get(part.server).httpsRedirect();
            firstServer = Math.min(firstServer, part.server);
        }
        Fingerprint now = new Fingerprint(identities, requireTls);
        grouped = now;
        return now;
    }

    /**
     * The virtual host for this host and all that have the same routes.
     *
     * @param attemptCount whether upstream requests carry their attempt's number
     */
    VirtualHost virtualHost(
            Set<String> domains, List<GatewayServer> servers, boolean attemptCount) {
        VirtualHost.Builder out =
                VirtualHost.newBuilder()
                        .setName(name(domain, servers.get(firstServer).portNumber()))
                        .addAllDomains(domains)
                        .setIncludeRequestAttemptCount(attemptCount);
        if (grouped != null && grouped.requireTls) {
            out.setRequireTls(VirtualHost.TlsRequirementType.ALL);
        }
        List<Route> last = new ArrayList<>();
        for (Part part : parts) {
            for (Route route : part.routes) {
                if (RouteMatches.catchAll(route.getMatch())) {
                    last.add(route);
                } else {
                    out.addRoutes(route);
                }
            }
        }
        return out.addAllRoutes(last).build();
    }

    /** The name of the virtual host of a host. */
    static String name(String host, int port) {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
