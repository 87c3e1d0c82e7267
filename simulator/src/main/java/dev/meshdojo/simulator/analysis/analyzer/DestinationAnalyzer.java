package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Destinations that do not exist, lack their port or subset, or leave the port open. */
final class DestinationAnalyzer implements Analyzer {

    private record Named(Spec destination, boolean mirror) {}

    @Override
    public void analyze(AnalysisContext context) {
        ServiceHosts hosts = new ServiceHosts(context);
        Set<String> subsets = subsets(context);
        for (AnalyzedObject service : context.all(ObjectKind.VIRTUAL_SERVICE)) {
            for (Named named : destinations(service.spec())) {
                host(service, named, hosts, context);
                subset(service, named, subsets, context);
            }
        }
        ingress(context);
    }

    private static List<Named> destinations(Spec spec) {
        List<Named> all = new ArrayList<>();
        for (String layer : List.of("tcp", "tls", "http")) {
            for (Spec route : spec.list(layer)) {
                for (Spec destination : route.list("route")) {
                    all.add(new Named(destination.get("destination"), false));
                }
            }
        }
        for (Spec route : spec.list("http")) {
            if (route.has("mirror")) {
                all.add(new Named(route.get("mirror"), true));
            }
            for (Spec mirror : route.list("mirrors")) {
                all.add(new Named(mirror.get("destination"), true));
            }
        }
        return all;
    }

    private static void host(
            AnalyzedObject service, Named named, ServiceHosts hosts, AnalysisContext context) {
        String name = named.destination().text("host");
        ServiceHosts.Host host =
                hosts.find(service.namespace(), service.spec().texts("exportTo"), name);
        if (host == null) {
            missing(service, named.mirror() ? "mirror host" : "host", name, context);
        } else if (!named.destination().has("port")) {
            if (host.ports().size() > 1) {
                context.report(MessageType.DESTINATION_PORT_REQUIRED, service, name, host.ports());
            }
        } else {
            long port = named.destination().get("port").number("number");
            if (!host.ports().contains(port)) {
                missing(service, "host:port", name + ":" + port, context);
            }
        }
    }

    private static void subset(
            AnalyzedObject service, Named named, Set<String> subsets, AnalysisContext context) {
        String host = named.destination().text("host");
        String subset = named.destination().text("subset");
        if (!subset.isEmpty()
                && !subsets.contains(Hosts.serviceName(service.namespace(), host) + "+" + subset)) {
            missing(
                    service,
                    (named.mirror() ? "mirror" : "host") + "+subset in destinationrule",
                    host + "+" + subset,
                    context);
        }
    }

    private static void missing(
            AnalyzedObject service, String what, String name, AnalysisContext context) {
        context.report(MessageType.REFERENCED_RESOURCE_NOT_FOUND, service, what, name);
    }

    private static Set<String> subsets(AnalysisContext context) {
        Set<String> all = new HashSet<>();
        for (AnalyzedObject rule : context.all(ObjectKind.DESTINATION_RULE)) {
            String host = Hosts.serviceName(rule.namespace(), rule.spec().text("host"));
            rule.spec()
                    .list("subsets")
                    .forEach(subset -> all.add(host + "+" + subset.text("name")));
        }
        return all;
    }

    /** Routes of a gateway that miss the subsets which another VirtualService has for the host. */
    private static void ingress(AnalysisContext context) {
        Map<AnalyzedObject, List<String>> split = new LinkedHashMap<>();
        for (AnalyzedObject service : context.all(ObjectKind.VIRTUAL_SERVICE)) {
            List<String> hosts = service.spec().texts("hosts");
            httpDestinations(service)
                    .filter(destination -> !destination.text("subset").isEmpty())
                    .map(destination -> destination.text("host"))
                    .filter(hosts::contains)
                    .forEach(
                            host ->
                                    split.computeIfAbsent(service, key -> new ArrayList<>())
                                            .add(host));
        }
        for (AnalyzedObject service : context.all(ObjectKind.VIRTUAL_SERVICE)) {
            if (service.spec().texts("gateways").isEmpty()) {
                continue;
            }
            httpDestinations(service)
                    .filter(destination -> destination.text("subset").isEmpty())
                    .forEach(
                            destination ->
                                    split.forEach(
                                            (other, hosts) -> {
                                                if (hosts.contains(destination.text("host"))) {
                                                    context.report(
                                                            MessageType.INGRESS_RULES_NOT_AFFECTED,
                                                            service,
                                                            other.fullName(),
                                                            service.fullName());
                                                }
                                            }));
        }
    }

    private static Stream<Spec> httpDestinations(AnalyzedObject service) {
        return service.spec().list("http").stream()
                .flatMap(route -> route.list("route").stream())
                .map(route -> route.get("destination"));
    }
}
