package dev.meshdojo.simulator.pilot.model;

import java.util.Map;

/**
 * One address behind a Service port.
 *
 * @param address IP address, or a name for Services resolved by DNS
 * @param port the port to connect to
 * @param servicePort name of the Service port it serves
 * @param labels what subsets select by: pod or workload-entry labels and topology labels
 * @param locality {@code region/zone/subzone}; empty when unknown
 * @param weight relative weight, at least 1
 * @param healthy false for endpoints that are published but not ready
 * @param tlsMode {@code istio} when it takes mesh TLS, otherwise {@code disabled}
 * @param namespace where the workload lives; empty when it is none of the cluster
 * @param serviceAccount SPIFFE identity; empty when unknown
 * @param network network name; empty for the default one
 * @param workload name of the Deployment or the like that it belongs to; empty when unknown
 */
public record Endpoint(
        String address,
        int port,
        String servicePort,
        Map<String, String> labels,
        String locality,
        int weight,
        boolean healthy,
        String tlsMode,
        String namespace,
        String serviceAccount,
        String network,
        String workload) {

    public Endpoint {
        labels = Map.copyOf(labels);
    }

    /** Whether the endpoint speaks mesh TLS. */
    public boolean mesh() {
        return tlsMode.equals("istio");
    }

    /** Whether all of {@code selector} is among the labels. */
    public boolean selectedBy(Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    /** The same endpoint, which takes no mesh TLS. */
    public Endpoint withoutTls() {
        return new Endpoint(
                address,
                port,
                servicePort,
                labels,
                locality,
                weight,
                healthy,
                "disabled",
                namespace,
                serviceAccount,
                network,
                workload);
    }
}
