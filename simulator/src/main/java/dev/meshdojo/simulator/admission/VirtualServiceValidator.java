package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.admission.CommonRules.Exporting;
import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoAddress;
import dev.meshdojo.simulator.golang.GoText;
import java.util.List;
import java.util.stream.Stream;

/** Rules for VirtualService. */
final class VirtualServiceValidator implements KindValidator {

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review review = new Review();
        List<String> hosts = spec.texts("hosts");
        List<String> gateways = spec.texts("gateways");
        List<Spec> http = spec.list("http");
        List<Spec> tls = spec.list("tls");
        List<Spec> tcp = spec.list("tcp");
        boolean delegate = hosts.isEmpty();
        if (delegate) {
            refuse(review, !gateways.isEmpty(), "gateways");
            refuse(review, !tls.isEmpty(), "tls route");
            refuse(review, !tcp.isEmpty(), "tcp route");
        }
        boolean gatewayBound = !gateways.isEmpty() && !gateways.contains("mesh");
        if (!gateways.isEmpty()) {
            review.add(RouteRules.gatewayNames(gateways));
        }
        if (!gatewayBound) {
            claims(http, gateways, review);
        }
        hosts(hosts, tls, gatewayBound, review);
        if (http.isEmpty() && tcp.isEmpty() && tls.isEmpty()) {
            review.error("http, tcp or tls must be provided in virtual service");
        }
        http.forEach(route -> review.add(HttpRouteRules.review(route, delegate)));
        tls.forEach(route -> review.add(tlsRoute(route, hosts, gateways)));
        tcp.forEach(route -> review.error(tcpRoute(route)));
        review.error(
                CommonRules.exportTo(
                        object.namespace(), spec.texts("exportTo"), Exporting.ORDINARY));
        UnreachableRules.http(http, review);
        UnreachableRules.layer4(tcp, review);
        UnreachableRules.layer4(tls, review);
        return review;
    }

    private static void refuse(Review review, boolean given, String what) {
        if (given) {
            review.error("delegate virtual service must have no " + what + " specified");
        }
    }

    private static void claims(List<Spec> http, List<String> gateways, Review review) {
        for (Spec route : http) {
            for (Spec match : route.list("match")) {
                Stream.of("headers", "withoutHeaders")
                        .flatMap(field -> match.map(field).keySet().stream())
                        .filter(HeaderRules::isClaim)
                        .forEach(
                                key ->
                                        review.error(
                                                "JWT claim based routing (key: "
                                                        + key
                                                        + ") is only supported for gateway, found no"
                                                        + " gateways: ["
                                                        + String.join(" ", gateways)
                                                        + "]"));
            }
        }
    }

    private static void hosts(
            List<String> hosts, List<Spec> tls, boolean gatewayBound, Review review) {
        boolean sni =
                tls.stream()
                        .flatMap(route -> route.list("match").stream())
                        .anyMatch(match -> !match.texts("sniHosts").isEmpty());
        boolean allValid = true;
        for (String host : hosts) {
            Failure failure =
                    gatewayBound ? DomainRules.gatewayBound(sni, host) : DomainRules.wildcard(host);
            if (!failure.isNone()) {
                if (!GoAddress.isAddress(host)) {
                    review.error(failure);
                    allValid = false;
                }
            } else if (!gatewayBound && host.equals("*")) {
                review.error(
                        "wildcard host * is not allowed for virtual services bound to the mesh"
                                + " gateway");
                allValid = false;
            }
        }
        if (!allValid) {
            return;
        }
        for (int i = 0; i < hosts.size(); i++) {
            for (int j = i + 1; j < hosts.size(); j++) {
                if (HostNames.overlap(hosts.get(i), hosts.get(j))) {
                    review.error(
                            "duplicate hosts in virtual service: "
                                    + hosts.get(i)
                                    + " & "
                                    + hosts.get(j));
                }
            }
        }
    }

    private static Review tlsRoute(Spec route, List<String> hosts, List<String> gateways) {
        Review review = new Review();
        List<Spec> matches = route.list("match");
        if (matches.isEmpty()) {
            review.error("TLS route must have at least one match condition");
        }
        for (Spec match : matches) {
            List<String> sniHosts = match.texts("sniHosts");
            if (sniHosts.isEmpty()) {
                review.error("TLS match must have at least one SNI host");
            }
            sniHosts.forEach(sni -> review.add(sniHost(sni, hosts, gateways)));
            review.error(layer4Match(match));
        }
        List<Spec> destinations = route.list("route");
        if (destinations.isEmpty()) {
            review.error("TLS route is required");
        }
        review.error(RouteRules.destinations(destinations));
        return review;
    }

    private static Review sniHost(String sni, List<String> hosts, List<String> gateways) {
        Review review = new Review();
        Failure failure =
                gateways.contains("mesh")
                        ? DomainRules.wildcard(sni)
                        : DomainRules.gatewayBound(true, sni);
        if (!failure.isNone()) {
            if (GoAddress.isAddress(sni)) {
                review.warn(
                        "using an IP address ("
                                + GoText.quote(sni)
                                + ") goes against SNI spec and most clients do not support this");
            } else {
                review.error(failure);
            }
        } else if (hosts.stream().noneMatch(host -> HostNames.covers(host, sni))) {
            review.error(
                    "SNI host "
                            + GoText.quote(sni)
                            + " is not a compatible subset of any of the virtual service hosts: ["
                            + String.join(", ", hosts)
                            + "]");
        }
        return review;
    }

    private static Failure tcpRoute(Spec route) {
        Failure failure = Failure.NONE;
        for (Spec match : route.list("match")) {
            failure = failure.and(layer4Match(match));
        }
        List<Spec> destinations = route.list("route");
        if (destinations.isEmpty()) {
            failure = failure.and(Failure.of("TCP route is required"));
        }
        return failure.and(RouteRules.destinations(destinations));
    }

    private static Failure layer4Match(Spec match) {
        Failure failure = Failure.NONE;
        for (String subnet : match.texts("destinationSubnets")) {
            failure = failure.and(CommonRules.subnet(subnet));
        }
        if (match.number("port") != 0) {
            failure = failure.and(CommonRules.port(match.number("port")));
        }
        return failure.and(CommonRules.labels(match.textMap("sourceLabels")))
                .and(RouteRules.gatewayNames(match.texts("gateways")).errors());
    }
}
