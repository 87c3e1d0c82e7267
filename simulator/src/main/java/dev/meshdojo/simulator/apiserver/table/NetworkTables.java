package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.NONE;
import static dev.meshdojo.simulator.apiserver.table.Texts.at;
import static dev.meshdojo.simulator.apiserver.table.Texts.name;
import static dev.meshdojo.simulator.apiserver.table.Texts.or;
import static dev.meshdojo.simulator.apiserver.table.Texts.present;
import static dev.meshdojo.simulator.apiserver.table.Texts.strings;
import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tables of services, their endpoints, and what lets traffic in. */
final class NetworkTables {

    static final Map<String, KindTable> TABLES =
            Map.of(
                    "Service",
                    KindTable.of(
                            NetworkTables::service,
                            Column.NAME,
                            Column.text("Type", "How the service is exposed."),
                            Column.text("Cluster-IP", "Address inside the cluster."),
                            Column.text("External-IP", "Addresses outside the cluster."),
                            Column.text("Port(s)", "Ports, with node ports after a colon."),
                            Column.AGE,
                            Column.wide("Selector", "Labels of the pods behind the service.")),
                    "Endpoints",
                    KindTable.of(
                            NetworkTables::endpoints,
                            Column.NAME,
                            Column.text("Endpoints", "Ready addresses with ports."),
                            Column.AGE),
                    "EndpointSlice.discovery.k8s.io",
                    KindTable.of(
                            NetworkTables::endpointSlice,
                            Column.NAME,
                            Column.text("AddressType", "Kind of address all endpoints have."),
                            Column.text("Ports", "Ports all endpoints have."),
                            Column.text("Endpoints", "Addresses."),
                            Column.AGE),
                    "Ingress.networking.k8s.io",
                    KindTable.of(
                            NetworkTables::ingress,
                            Column.NAME,
                            Column.text("Class", "Name of the IngressClass."),
                            Column.text("Hosts", "Hosts the rules match."),
                            Column.text("Address", "Addresses of the load balancer."),
                            Column.text("Ports", "Ports that are open."),
                            Column.AGE),
                    "IngressClass.networking.k8s.io",
                    KindTable.of(
                            NetworkTables::ingressClass,
                            Column.NAME,
                            Column.text("Controller", "Controller that serves the class."),
                            Column.text("Parameters", "Object with further parameters."),
                            Column.AGE),
                    "NetworkPolicy.networking.k8s.io",
                    KindTable.of(
                            (o, ages) ->
                                    Arrays.asList(
                                            name(o),
                                            Texts.selector(at(o, "spec", "podSelector")),
                                            ages.of(o)),
                            Column.NAME,
                            Column.text("Pod-Selector", "Pods the policy applies to."),
                            Column.AGE),
                    "ServiceCIDR.networking.k8s.io",
                    KindTable.of(
                            (o, ages) ->
                                    Arrays.asList(
                                            name(o),
                                            String.join(",", strings(at(o, "spec", "cidrs"))),
                                            ages.of(o)),
                            Column.NAME,
                            Column.text("CIDRs", "Ranges of cluster addresses."),
                            Column.AGE),
                    "IPAddress.networking.k8s.io",
                    KindTable.of(
                            NetworkTables::ipAddress,
                            Column.NAME,
                            Column.text("ParentRef", "Object that holds the address.")));

    private NetworkTables() {}

    private static List<@Nullable Object> service(ObjectNode o, Ages ages) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : at(o, "spec", "ports")) {
            int nodePort = port.path("nodePort").asInt();
            ports.add(
                    text(port, "port")
                            + (nodePort > 0 ? ":" + nodePort : "")
                            + "/"
                            + text(port, "protocol"));
        }
        return Arrays.asList(
                name(o),
                text(o, "spec", "type"),
                or(text(at(o, "spec", "clusterIPs").path(0)), NONE),
                externalAddress(o),
                or(String.join(",", ports), NONE),
                ages.of(o),
                Texts.labels(at(o, "spec", "selector")));
    }

    private static String externalAddress(ObjectNode service) {
        List<String> external = strings(at(service, "spec", "externalIPs"));
        return switch (text(service, "spec", "type")) {
            case "ClusterIP", "NodePort" -> or(String.join(",", external), NONE);
            case "LoadBalancer" -> {
                List<String> all = new ArrayList<>(loadBalancer(service));
                all.addAll(external);
                yield or(String.join(",", all), "<pending>");
            }
            case "ExternalName" -> text(service, "spec", "externalName");
            default -> "<unknown>";
        };
    }

    private static SortedSet<String> loadBalancer(ObjectNode object) {
        SortedSet<String> addresses = new TreeSet<>();
        for (JsonNode ingress : at(object, "status", "loadBalancer", "ingress")) {
            String address = or(text(ingress, "ip"), text(ingress, "hostname"));
            if (!address.isEmpty()) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static List<@Nullable Object> endpoints(ObjectNode o, Ages ages) {
        List<String> all = new ArrayList<>();
        for (JsonNode subset : o.path("subsets")) {
            if (subset.path("ports").isEmpty()) {
                subset.path("addresses").forEach(address -> all.add(text(address, "ip")));
            }
            for (JsonNode port : subset.path("ports")) {
                for (JsonNode address : subset.path("addresses")) {
                    String ip = text(address, "ip");
                    all.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":" + text(port, "port"));
                }
            }
        }
        String shown = Texts.firstThree(all, o.path("subsets").isEmpty() ? NONE : "");
        return Arrays.asList(name(o), shown, ages.of(o));
    }

    private static List<@Nullable Object> endpointSlice(ObjectNode o, Ages ages) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : o.path("ports")) {
            String number = text(port, "port");
            ports.add(
                    !number.isEmpty()
                            ? number
                            : present(port.path("name")) ? text(port, "name") : "*");
        }
        List<String> addresses = new ArrayList<>();
        o.path("endpoints").forEach(e -> addresses.addAll(strings(e.path("addresses"))));
        return Arrays.asList(
                name(o),
                text(o, "addressType"),
                Texts.firstThree(ports, Texts.UNSET),
                Texts.firstThree(addresses, Texts.UNSET),
                ages.of(o));
    }

    private static List<@Nullable Object> ingress(ObjectNode o, Ages ages) {
        JsonNode className = at(o, "spec", "ingressClassName");
        return Arrays.asList(
                name(o),
                present(className) ? className.asText() : NONE,
                hosts(at(o, "spec", "rules")),
                String.join(",", loadBalancer(o)),
                at(o, "spec", "tls").isEmpty() ? "80" : "80, 443",
                ages.of(o));
    }

    /** Rules without a host count for "more" once three hosts are there, but show nothing. */
    private static String hosts(JsonNode rules) {
        List<String> shown = new ArrayList<>();
        boolean more = false;
        for (JsonNode rule : rules) {
            more |= shown.size() == 3;
            if (!more && !text(rule, "host").isEmpty()) {
                shown.add(text(rule, "host"));
            }
        }
        if (shown.isEmpty()) {
            return "*";
        }
        String list = String.join(",", shown);
        return more ? list + " + " + (rules.size() - 3) + " more..." : list;
    }

    private static List<@Nullable Object> ingressClass(ObjectNode o, Ages ages) {
        JsonNode parameters = at(o, "spec", "parameters");
        String shown = NONE;
        if (present(parameters)) {
            String group = text(parameters, "apiGroup");
            shown =
                    text(parameters, "kind")
                            + (present(parameters.path("apiGroup")) ? "." + group : "")
                            + "/"
                            + text(parameters, "name");
        }
        return Arrays.asList(name(o), text(o, "spec", "controller"), shown, ages.of(o));
    }

    private static List<@Nullable Object> ipAddress(ObjectNode o, Ages ages) {
        JsonNode parent = at(o, "spec", "parentRef");
        String shown = NONE;
        if (present(parent)) {
            String group = text(parent, "group");
            String namespace = text(parent, "namespace");
            shown =
                    (text(parent, "resource") + (group.isEmpty() ? "" : "." + group))
                                    .toLowerCase(Locale.ROOT)
                            + (namespace.isEmpty() ? "" : "/" + namespace)
                            + "/"
                            + text(parent, "name");
        }
        return Arrays.asList(name(o), shown, ages.of(o));
    }
}
