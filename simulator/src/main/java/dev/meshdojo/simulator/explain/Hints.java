package dev.meshdojo.simulator.explain;

import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import org.jspecify.annotations.Nullable;

/** Where to look when a request did not get where it should. */
final class Hints {

    private Hints() {}

    static String of(ExplainedRequest request, int curl, @Nullable TrafficEvent event) {
        if (curl == 7) {
            return "Nothing listens on port "
                    + request.port()
                    + " of this gateway: no Gateway that selects its pods has a server with that port.";
        }
        if (curl == 35) {
            return "No server of a Gateway has "
                    + request.url().getHost()
                    + " among its hosts with TLS on this port, its Secret is missing, or the port is"
                    + " plain HTTP.";
        }
        if (event == null || event.route() == null) {
            return "";
        }
        TrafficEvent.RouteChoice route = event.route();
        if (route.virtualHost() == null) {
            return "No virtual host covers "
                    + request.url().getHost()
                    + ": no VirtualService with that host is bound to a Gateway with that host on this"
                    + " port.";
        }
        if (route.route() == null) {
            return "The host is known, but none of its routes matches.";
        }
        if (event.response().flags().contains(ResponseFlag.NO_HEALTHY_UPSTREAM)) {
            return "The route matched, but its destination has no ready endpoint.";
        }
        if (event.response().flags().contains(ResponseFlag.NO_CLUSTER_FOUND)) {
            return "The route matched, but no Service or ServiceEntry has its destination's host, or"
                    + " no DestinationRule its subset.";
        }
        return "";
    }
}
