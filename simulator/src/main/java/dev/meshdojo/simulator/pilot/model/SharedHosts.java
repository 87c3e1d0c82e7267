package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Services of one namespace that bear the same host name, which ServiceEntries may: each gets the
 * endpoints of all, and the ports of those that are like it in everything else.
 */
final class SharedHosts {

    private record Owned(String hostname, String namespace) {

        static Owned of(Service service) {
            return new Owned(service.hostname(), service.namespace());
        }
    }

    private SharedHosts() {}

    /** The Services in the same order; those that share nothing are the same instances. */
    static List<Service> merge(List<Service> services) {
        Set<Owned> external = new HashSet<>();
        for (Service service : services) {
            if (service.registry() == Service.Registry.EXTERNAL) {
                external.add(Owned.of(service));
            }
        }
        if (external.isEmpty()) {
            return services;
        }
        Map<Owned, List<Service>> groups = new HashMap<>();
        for (Service service : services) {
            Owned owned = Owned.of(service);
            if (external.contains(owned)) {
                groups.computeIfAbsent(owned, o -> new ArrayList<>(1)).add(service);
            }
        }
        groups.values().removeIf(group -> group.size() == 1);
        if (groups.isEmpty()) {
            return services;
        }
        return services.stream()
                .map(
                        service -> {
                            List<Service> group = groups.get(Owned.of(service));
                            return group == null ? service : merged(service, group);
                        })
                .toList();
    }

    private static Service merged(Service service, List<Service> group) {
        List<Service.Port> ports = new ArrayList<>(service.ports());
        List<Endpoint> endpoints = new ArrayList<>();
        for (Service other : group) {
            if (service.resolution() != Service.Resolution.DNS_ROUND_ROBIN || endpoints.isEmpty()) {
                endpoints.addAll(other.endpoints());
            }
            if (!mergeable(service, other)) {
                continue;
            }
            for (Service.Port port : other.ports()) {
                if (ports.stream().noneMatch(known -> known.number() == port.number())) {
                    ports.add(port);
                }
            }
        }
        return service.with(ports, endpoints);
    }

    private static boolean mergeable(Service a, Service b) {
        return a.registry() == Service.Registry.EXTERNAL
                && b.registry() == Service.Registry.EXTERNAL
                && a.resolution() == b.resolution()
                && a.labels().equals(b.labels())
                && a.selector().equals(b.selector())
                && a.exportTo().equals(b.exportTo());
    }
}
