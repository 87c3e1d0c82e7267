package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Services and DestinationRules that proxies of one namespace see. Thread-safe. */
final class VisibleServices {

    private record Owned(String hostname, String namespace) {}

    private final DestinationRules destinationRules;
    private final String namespace;
    private final Map<String, String> proxyLabels;
    private final Map<String, Service> byHostname = new LinkedHashMap<>();
    private final Map<Owned, Service> byOwner = new HashMap<>();
    private final List<Service> services;
    private final Map<String, Optional<DestinationRule>> rules =
            new java.util.concurrent.ConcurrentHashMap<>();

    VisibleServices(
            List<Service> all,
            DestinationRules destinationRules,
            String namespace,
            Map<String, String> proxyLabels) {
        this.destinationRules = destinationRules;
        this.namespace = namespace;
        this.proxyLabels = proxyLabels;
        List<Service> common = new ArrayList<>(all.size());
        for (Service service : all) {
            if (service.exportTo().isPublic()) {
                common.add(service);
            } else if (service.exportTo().to(namespace)) {
                add(service);
            }
        }
        common.forEach(this::add);
        this.services = List.copyOf(byHostname.values());
    }

    private void add(Service service) {
        byOwner.putIfAbsent(new Owned(service.hostname(), service.namespace()), service);
        byHostname.merge(
                service.hostname(),
                service,
                (known, added) ->
                        known.registry() == Service.Registry.EXTERNAL
                                        && added.registry() == Service.Registry.KUBERNETES
                                ? added
                                : known);
    }

    List<Service> services() {
        return services;
    }

    @Nullable Service service(String hostname) {
        return byHostname.get(hostname);
    }

    @Nullable Service service(String hostname, String owner) {
        Service own = byOwner.get(new Owned(hostname, owner));
        return own == null ? byHostname.get(hostname) : own;
    }

    @Nullable DestinationRule destinationRule(String hostname) {
        Service service = byHostname.get(hostname);
        if (service == null) {
            return null;
        }
        return rules.computeIfAbsent(
                        hostname,
                        host ->
                                Optional.ofNullable(
                                        destinationRules.find(
                                                host, service.namespace(), namespace, proxyLabels)))
                .orElse(null);
    }
}
