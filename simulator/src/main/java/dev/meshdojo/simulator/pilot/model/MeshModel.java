package dev.meshdojo.simulator.pilot.model;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mesh snapshot, indexed the way translation asks for it. Built once a snapshot and shared by all
 * proxies; immutable.
 */
public final class MeshModel {

    private static final String NETWORKING = ".networking.istio.io";

    private final MeshSnapshot snapshot;
    private final MeshConfig mesh;
    private final List<Service> services;
    private final DestinationRules destinationRules;
    private final List<KubeObject> gateways;
    private final Map<String, List<VirtualService>> byGateway = new HashMap<>();
    private final Map<String, List<KubeObject>> kinds =
            new java.util.concurrent.ConcurrentHashMap<>();

    /**
     * Indexes a snapshot.
     *
     * @param derivedGateways Gateways made from other kinds (Gateway API, Ingress)
     * @param derivedServices VirtualServices made from other kinds
     */
    public MeshModel(
            MeshSnapshot snapshot,
            MeshConfig mesh,
            List<KubeObject> derivedGateways,
            List<KubeObject> derivedServices) {
        this.snapshot = snapshot;
        this.mesh = mesh;
        this.services = new ServiceRegistry(snapshot, mesh).services();
        this.destinationRules = new DestinationRules(all("destinationrules" + NETWORKING), mesh);
        List<KubeObject> servers = new ArrayList<>(all("gateways" + NETWORKING));
        servers.addAll(derivedGateways);
        servers.sort(KubeObject.BY_AGE);
        this.gateways = List.copyOf(servers);
        List<KubeObject> objects = new ArrayList<>(all("virtualservices" + NETWORKING));
        objects.addAll(derivedServices);
        objects.sort(KubeObject.BY_AGE);
        List<VirtualService> read = new ArrayList<>(objects.size());
        for (KubeObject object : objects) {
            read.add(VirtualService.of(object, mesh));
        }
        for (VirtualService service : Delegation.merge(read)) {
            for (String gateway : service.gateways()) {
                byGateway.computeIfAbsent(gateway, g -> new ArrayList<>()).add(service);
            }
        }
    }

    /** The mesh configuration. */
    public MeshConfig mesh() {
        return mesh;
    }

    /** Gateways, oldest first. */
    public List<KubeObject> gateways() {
        return gateways;
    }

    /** Objects of a kind by {@code plural.group}, in the snapshot's order. */
    public List<KubeObject> all(String groupResource) {
        return kinds.computeIfAbsent(
                groupResource, kind -> snapshot.of(kind).stream().map(KubeObject::of).toList());
    }

    /** Every Service, whoever may see it, oldest first. */
    public List<Service> services() {
        return services;
    }

    /** What proxies of a namespace see. */
    public Scope scope(String namespace, Map<String, String> proxyLabels) {
        return new Scope(namespace, proxyLabels);
    }

    /** The mesh as proxies of one namespace see it. */
    public final class Scope {
        private final String namespace;
        private final Map<String, String> proxyLabels;
        private final List<Service> visible;
        private final Map<String, Service> byHostname = new LinkedHashMap<>();
        private final Map<String, @Nullable DestinationRule> rules = new HashMap<>();

        private Scope(String namespace, Map<String, String> proxyLabels) {
            this.namespace = namespace;
            this.proxyLabels = proxyLabels;
            this.visible =
                    services.stream()
                            .filter(service -> service.exportTo().to(namespace))
                            .sorted(
                                    java.util.Comparator.comparing(
                                            service -> service.exportTo().isPublic()))
                            .toList();
            for (Service service : visible) {
                byHostname.merge(
                        service.hostname(),
                        service,
                        (known, added) ->
                                known.registry() == Service.Registry.EXTERNAL
                                                && added.registry() == Service.Registry.KUBERNETES
                                        ? added
                                        : known);
            }
        }

        /** The mesh configuration. */
        public MeshConfig mesh() {
            return mesh;
        }

        /** One Service a host name. */
        public List<Service> services() {
            return List.copyOf(byHostname.values());
        }

        /** The Service of that host name, or null. */
        public @Nullable Service service(String hostname) {
            return byHostname.get(hostname);
        }

        /**
         * The Service that a VirtualService means by a host name: one of its own namespace first.
         */
        public @Nullable Service service(String hostname, String owner) {
            for (Service service : visible) {
                if (service.hostname().equals(hostname) && service.namespace().equals(owner)) {
                    return service;
                }
            }
            return byHostname.get(hostname);
        }

        /** The rules for a host name's Service, or null. */
        public @Nullable DestinationRule destinationRule(String hostname) {
            Service service = byHostname.get(hostname);
            if (service == null) {
                return null;
            }
            if (!rules.containsKey(hostname)) {
                rules.put(
                        hostname,
                        destinationRules.find(
                                hostname, service.namespace(), namespace, proxyLabels));
            }
            return rules.get(hostname);
        }

        /**
         * VirtualServices bound to a Gateway that proxies of this namespace see: private ones, then
         * those exported by name, then public ones; each group oldest first.
         *
         * @param gateway {@code namespace/name}
         */
        public List<VirtualService> virtualServices(String gateway) {
            List<VirtualService> own = new ArrayList<>();
            List<VirtualService> exported = new ArrayList<>();
            List<VirtualService> preferred = new ArrayList<>();
            List<VirtualService> common = new ArrayList<>();
            for (VirtualService service : byGateway.getOrDefault(gateway, List.of())) {
                if (!service.exportTo().to(namespace)) {
                    continue;
                }
                if (!service.exportTo().isPublic()) {
                    (service.namespace().equals(namespace) ? own : exported).add(service);
                } else if (service.semantics() == VirtualService.Semantics.GATEWAY_API
                        && service.namespace().equals(namespace)) {
                    preferred.add(service);
                } else {
                    common.add(service);
                }
            }
            own.addAll(exported);
            own.addAll(preferred);
            own.addAll(common);
            return own;
        }
    }
}
