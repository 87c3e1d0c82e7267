package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.Endpoint;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Where a Gateway can be reached: what became of the Services that it is bound to.
 *
 * @param internal {@code host:port} of each Service port with endpoints, sorted
 * @param clusterIps addresses of those Services inside the cluster, sorted
 * @param external addresses from outside, sorted
 * @param pending host names of Services that wait for an address from outside
 * @param warnings what does not work, for people, sorted
 * @param usable whether all Services and ports are there
 */
record GatewayAddresses(
        List<String> internal,
        List<String> clusterIps,
        List<String> external,
        List<String> pending,
        List<String> warnings,
        boolean usable) {

    private static final String MANAGED = "gateway.istio.io/managed";

    static GatewayAddresses of(
            MeshModel model, String namespace, List<String> hosts, Collection<Integer> ports) {
        Finder finder = new Finder(model, namespace);
        hosts.forEach(host -> finder.add(host, ports));
        return finder.found();
    }

    /** The addresses to report for a Gateway. */
    List<String> reported(String type) {
        if (!external.isEmpty()) {
            return external;
        }
        List<String> out = new ArrayList<>();
        if (!type.equals("Hostname")) {
            out.addAll(clusterIps);
        }
        if (!type.equals("IPAddress")) {
            for (String address : internal) {
                String host = address.substring(0, address.lastIndexOf(':'));
                if (!pending.contains(host) && !out.contains(host)) {
                    out.add(host);
                }
            }
        }
        return out;
    }

    /** The state of one search. */
    private static final class Finder {
        private final MeshModel model;
        private final String namespace;
        private final TreeSet<String> internal = new TreeSet<>();
        private final TreeSet<String> clusterIps = new TreeSet<>();
        private final TreeSet<String> external = new TreeSet<>();
        private final TreeSet<String> pending = new TreeSet<>();
        private final List<String> warnings = new ArrayList<>();
        private boolean usable = true;

        Finder(MeshModel model, String namespace) {
            this.model = model;
            this.namespace = namespace;
        }

        GatewayAddresses found() {
            return new GatewayAddresses(
                    List.copyOf(internal),
                    List.copyOf(clusterIps),
                    List.copyOf(external),
                    List.copyOf(pending),
                    warnings.stream().sorted().toList(),
                    usable);
        }

        void add(String host, Collection<Integer> ports) {
            Service service = null;
            TreeSet<String> elsewhere = new TreeSet<>();
            for (Service candidate : model.services()) {
                if (candidate.hostname().equals(host)) {
                    if (candidate.namespace().equals(namespace)) {
                        service = candidate;
                    } else {
                        elsewhere.add('"' + candidate.namespace() + '"');
                    }
                }
            }
            if (service == null) {
                usable = false;
                warnings.add(
                        elsewhere.isEmpty()
                                ? "hostname \"" + host + "\" not found"
                                : "hostname \""
                                        + host
                                        + "\" not found in namespace \""
                                        + namespace
                                        + "\", but it was found in namespace(s) "
                                        + String.join(", ", elsewhere));
                return;
            }
            for (int port : ports) {
                add(service, host, port);
            }
        }

        private void add(Service service, String host, int number) {
            Service.Port port = service.port(number);
            if (port != null && ready(service, port)) {
                internal.add(host + ":" + number);
                reach(service, host);
                return;
            }
            if (service.endpoints().stream().noneMatch(Endpoint::healthy)) {
                warnings.add("no instances found for hostname \"" + host + "\"");
                return;
            }
            TreeSet<String> meant = new TreeSet<>();
            for (Service.Port other : service.ports()) {
                for (Endpoint endpoint : service.endpoints()) {
                    if (endpoint.servicePort().equals(other.name()) && endpoint.port() == number) {
                        meant.add(Integer.toString(other.number()));
                    }
                }
            }
            String missing = "port " + number + " not found for hostname \"" + host + "\"";
            if (!meant.isEmpty()) {
                warnings.add(
                        missing
                                + " (hint: the service port should be specified, not the workload"
                                + " port. Did you mean one of these ports: ["
                                + String.join(" ", meant)
                                + "]?)");
                usable = false;
            } else if (!service.labels().containsKey(MANAGED) || port == null) {
                warnings.add(missing);
                usable = false;
            }
        }

        private static boolean ready(Service service, Service.Port port) {
            return service.endpoints().stream()
                    .anyMatch(
                            endpoint ->
                                    endpoint.healthy()
                                            && endpoint.servicePort().equals(port.name()));
        }

        private void reach(Service service, String host) {
            KubeObject object = model.objects("services").find(namespace, service.name());
            if (object == null) {
                return;
            }
            JsonView spec = object.spec();
            if (!spec.text("clusterIP").isEmpty() && !spec.text("clusterIP").equals("None")) {
                clusterIps.add(spec.text("clusterIP"));
            }
            List<String> addresses = new ArrayList<>(spec.texts("externalIPs"));
            boolean balanced = spec.text("type").equals("LoadBalancer");
            if (balanced) {
                for (JsonView ingress :
                        object.view().at("status").at("loadBalancer").list("ingress")) {
                    addresses.add(
                            ingress.has("ip") ? ingress.text("ip") : ingress.text("hostname"));
                }
            }
            external.addAll(addresses);
            if (addresses.isEmpty() && balanced && pending.add(host)) {
                warnings.add("address pending for hostname \"" + host + "\"");
            }
        }
    }
}
