package dev.meshdojo.simulator.pilot.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A destination that clusters are built for: a Kubernetes Service, or one host of a ServiceEntry.
 *
 * @param hostname fully qualified name
 * @param name short name; the hostname for ServiceEntries
 * @param namespace where the object lives
 * @param created age, for precedence
 * @param ports in written order
 * @param resolution how addresses are found
 * @param registry who declared it
 * @param meshExternal outside the mesh, so never mesh TLS
 * @param labels of the object
 * @param selector pod selector; empty when there is none
 * @param exportTo who may use it
 * @param externalName the host that stands behind an ExternalName Service; empty otherwise
 * @param trafficDistribution which endpoints clients shall prefer
 * @param subjectAltNames names that its certificates may have, beside the endpoints' identities
 * @param endpoints every address of every port, in a stable order
 */
public record Service(
        String hostname,
        String name,
        String namespace,
        String created,
        List<Port> ports,
        Resolution resolution,
        Registry registry,
        boolean meshExternal,
        Map<String, String> labels,
        Map<String, String> selector,
        Visibility exportTo,
        String externalName,
        TrafficDistribution trafficDistribution,
        List<String> subjectAltNames,
        List<Endpoint> endpoints) {

    /** How a Service's addresses are found. */
    public enum Resolution {
        CLIENT_SIDE,
        DNS,
        DNS_ROUND_ROBIN,
        DYNAMIC_DNS,
        PASSTHROUGH,
        ALIAS
    }

    /** Where a Service comes from. */
    public enum Registry {
        KUBERNETES,
        EXTERNAL
    }

    /**
     * One port.
     *
     * @param number the Service port
     * @param name its name; may be empty
     * @param protocol what is spoken on it
     */
    public record Port(int number, String name, Protocol protocol) {}

    public Service {
        subjectAltNames = List.copyOf(subjectAltNames);
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        selector = Map.copyOf(selector);
        endpoints = List.copyOf(endpoints);
    }

    /** The port of that number, or null. */
    public @Nullable Port port(int number) {
        for (Port port : ports) {
            if (port.number == number) {
                return port;
            }
        }
        return null;
    }

    /** The endpoints of one port that carry all of {@code subset}'s labels. */
    public List<Endpoint> endpoints(Port port, Map<String, String> subset) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.servicePort().equals(port.name()))
                .filter(endpoint -> endpoint.selectedBy(subset))
                .toList();
    }

    /** Whether the two differ in nothing but endpoints. */
    @SuppressWarnings("ReferenceEquality") // spares comparing when nothing changed
    public boolean sameButEndpoints(Service other) {
        return this == other || withoutEndpoints().equals(other.withoutEndpoints());
    }

    /** The same without endpoints. */
    public Service withoutEndpoints() {
        return with(ports, List.of());
    }

    /** The same with other ports and endpoints. */
    Service with(List<Port> otherPorts, List<Endpoint> otherEndpoints) {
        return new Service(
                hostname,
                name,
                namespace,
                created,
                otherPorts,
                resolution,
                registry,
                meshExternal,
                labels,
                selector,
                exportTo,
                externalName,
                trafficDistribution,
                subjectAltNames,
                otherEndpoints);
    }

    /** Whether each request's own host name is looked up: then there are no subsets to choose. */
    public boolean resolvedByRequest() {
        return resolution == Resolution.DYNAMIC_DNS && hostname.startsWith("*");
    }

    /** Whether clients look its addresses up in DNS. */
    public boolean dns() {
        return resolution == Resolution.DNS || resolution == Resolution.DNS_ROUND_ROBIN;
    }
}
