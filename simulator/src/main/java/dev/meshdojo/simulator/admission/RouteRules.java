package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import java.util.List;

/**
 * Rules for destinations, weights and references to gateways, shared by HTTP, TLS and TCP routes.
 * Pure.
 */
final class RouteRules {

    private RouteRules() {}

    static Failure destination(Spec destination) {
        if (!destination.present()) {
            return Failure.NONE;
        }
        String host = destination.text("host");
        Failure failure =
                host.equals("*")
                        ? Failure.of("invalid destination host *")
                        : DomainRules.wildcard(host);
        String subset = destination.text("subset");
        if (!subset.isEmpty()) {
            failure = failure.and(CommonRules.subsetName(subset));
        }
        if (destination.has("port")) {
            failure = failure.and(CommonRules.port(destination.get("port").number("number")));
        }
        return failure;
    }

    /** The destinations of a rule, header operations included. */
    static Failure destinations(List<Spec> routes) {
        Failure failure = Failure.NONE;
        long total = 0;
        for (Spec route : routes) {
            if (!route.has("destination")) {
                failure = failure.and(Failure.listed("destination is required"));
            }
            failure =
                    failure.and(HeaderRules.operations(route.get("headers")))
                            .and(destination(route.get("destination")));
            long weight = route.number("weight");
            if (weight < 0) {
                failure = failure.and(Failure.of("weight " + weight + " < 0"));
            }
            total += weight;
        }
        if (routes.size() > 1 && total == 0) {
            failure = failure.and(Failure.of("total destination weight = 0"));
        }
        return failure;
    }

    /**
     * {@code gateways} of a VirtualService or a match. A name of the old form ends the check, as in
     * istiod.
     */
    static Review gatewayNames(List<String> names) {
        Review review = new Review();
        for (String name : names) {
            int slash = name.indexOf('/');
            if (slash < 0) {
                if (name.contains(".")) {
                    String[] parts = name.split("\\.", -1);
                    review.warn(
                            "using legacy gatewayName format \""
                                    + name
                                    + "\"; prefer the <namespace>/<name> format: \""
                                    + parts[1]
                                    + "/"
                                    + parts[0]
                                    + "\"");
                }
                review.error(DomainRules.fqdn(name));
                return review;
            }
            String namespace = name.substring(0, slash);
            String gateway = name.substring(slash + 1);
            if (namespace.isEmpty() || gateway.isEmpty()) {
                review.error("config namespace and gateway name cannot be empty");
            }
            if (!CommonRules.isDnsLabel(namespace)) {
                review.error("invalid value for namespace: \"" + namespace + "\"");
            }
            if (!CommonRules.isDnsLabel(gateway)) {
                review.error("invalid value for gateway name: \"" + gateway + "\"");
            }
        }
        return review;
    }
}
