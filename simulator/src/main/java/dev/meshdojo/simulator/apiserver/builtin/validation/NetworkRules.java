package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of network policies, endpoints and endpoint slices. */
final class NetworkRules {

    private static final List<String> POLICY_TYPES = List.of("Ingress", "Egress");
    private static final int MOST_ENDPOINTS = 1000;
    private static final int MOST_ADDRESSES = 100;

    private NetworkRules() {}

    static void networkPolicy(Check check, At spec) {
        check.selector(spec.get("podSelector"));
        for (At rule : spec.get("ingress").items()) {
            rule.get("ports").items().forEach(port -> policyPort(check, port));
            rule.get("from").items().forEach(peer -> policyPeer(check, peer));
        }
        for (At rule : spec.get("egress").items()) {
            rule.get("ports").items().forEach(port -> policyPort(check, port));
            rule.get("to").items().forEach(peer -> policyPeer(check, peer));
        }
        At types = spec.get("policyTypes");
        if (types.value().size() > POLICY_TYPES.size()) {
            check.invalid(types, "may not specify more than two policyTypes");
            return;
        }
        types.items().forEach(type -> check.oneOf(type, POLICY_TYPES));
    }

    private static void policyPort(Check check, At port) {
        check.oneOf(port.get("protocol"), List.of("TCP", "UDP", "SCTP"));
        At number = port.get("port");
        At end = port.get("endPort");
        if (!number.set()) {
            if (end.set()) {
                check.invalid(end, "may not be specified when `port` is not specified");
            }
        } else if (number.value().isTextual()) {
            if (end.set()) {
                check.invalid(end, "may not be specified when `port` is non-numeric");
            }
            check.names(number, Names.portName(number.text()));
        } else {
            check.port(number);
            if (end.set()) {
                if (end.number() < number.number()) {
                    check.invalid(
                            end.path(), number.value(), "must be greater than or equal to `port`");
                }
                check.port(end);
            }
        }
    }

    private static void policyPeer(Check check, At peer) {
        int kinds = 0;
        for (String selector : List.of("podSelector", "namespaceSelector")) {
            if (peer.get(selector).set()) {
                kinds++;
                check.selector(peer.get(selector));
            }
        }
        At block = peer.get("ipBlock");
        if (block.set()) {
            kinds++;
            if (check.requiredText(block.get("cidr"), "") && check.cidr(block.get("cidr"))) {
                for (At except : block.get("except").items()) {
                    if (check.cidr(except)
                            && !Addresses.isStrictSubset(except.text(), block.get("cidr").text())) {
                        check.invalidText(except, "must be a strict subset of `cidr`");
                    }
                }
            }
        }
        if (kinds == 0) {
            check.required(peer, "must specify a peer");
        } else if (kinds > 1 && block.set()) {
            check.forbidden(peer, "may not specify both ipBlock and another peer");
        }
    }

    static void endpointSlice(Check check, At slice, At old) {
        check.requiredOneOf(slice.get("addressType"), List.of("FQDN", "IPv4", "IPv6"));
        Set<String> names = new HashSet<>();
        for (At port : slice.get("ports").items()) {
            At name = port.get("name");
            if (!name.blank()) {
                check.label1123(name);
            }
            if (!names.add(name.text())) {
                check.duplicateText(name);
            }
            check.requiredOneOf(port.get("protocol"), ContainerRules.PROTOCOLS);
            if (port.get("appProtocol").set()) {
                check.qualified(port.get("appProtocol"));
            }
        }
        At endpoints = slice.get("endpoints");
        if (!Check.same(endpoints.value(), old.get("endpoints").value())) {
            endpoints(check, endpoints, slice.get("addressType").text());
        }
    }

    private static void endpoints(Check check, At endpoints, String type) {
        if (endpoints.value().size() > MOST_ENDPOINTS) {
            check.tooMany(endpoints, MOST_ENDPOINTS);
            return;
        }
        for (At endpoint : endpoints.items()) {
            At addresses = endpoint.get("addresses");
            if (addresses.empty()) {
                check.required(addresses, "must contain at least 1 address");
            } else if (addresses.value().size() > MOST_ADDRESSES) {
                check.tooMany(addresses, MOST_ADDRESSES);
            }
            for (At address : addresses.items()) {
                switch (type) {
                    case "IPv4", "IPv6" -> {
                        if (check.address(address)) {
                            if (Addresses.isIpv6(address.text()) != type.equals("IPv6")) {
                                check.invalidText(
                                        addresses.path(),
                                        address.text(),
                                        "must be an " + type + " address");
                            }
                            check.endpointAddress(address);
                        }
                    }
                    case "FQDN" -> domain(check, address);
                    default -> {}
                }
            }
            At node = endpoint.get("nodeName");
            if (node.set()) {
                check.subdomain(node);
            }
            check.labels(endpoint.get("deprecatedTopology"));
            if (endpoint.get("hostname").set()) {
                check.label1123(endpoint.get("hostname"));
            }
            Set<String> zones = new HashSet<>();
            for (At zone : endpoint.get("hints", "forZones").items()) {
                At name = zone.get("name");
                if (!zones.add(name.text())) {
                    check.duplicateText(name);
                }
                check.names(name, Names.labelValue(name.text()));
            }
        }
    }

    /** A domain of at least two labels. */
    private static void domain(Check check, At at) {
        if (!check.requiredText(at, "")) {
            return;
        }
        String name = at.text().replaceFirst("\\.$", "");
        List<String> problems = Names.subdomain(name, false);
        if (!problems.isEmpty()) {
            check.invalidText(at.path(), name, String.join(",", problems));
        } else if (!name.contains(".")) {
            check.invalidText(
                    at.path(),
                    name,
                    "should be a domain with at least two segments separated by dots");
        }
    }

    static void endpointsObject(Check check, At endpoints, At old) {
        At subsets = endpoints.get("subsets");
        if (Check.same(subsets.value(), old.get("subsets").value())) {
            return;
        }
        for (At subset : subsets.items()) {
            if (subset.get("addresses").empty() && subset.get("notReadyAddresses").empty()) {
                check.required(subset, "must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : List.of("addresses", "notReadyAddresses")) {
                for (At address : subset.get(list).items()) {
                    check.address(address.get("ip"));
                    if (!address.get("hostname").blank()) {
                        check.label1123(address.get("hostname"));
                    }
                    if (address.get("nodeName").set()) {
                        check.subdomain(address.get("nodeName"));
                    }
                    check.endpointAddress(address.get("ip"));
                }
            }
            boolean several = subset.get("ports").value().size() > 1;
            for (At port : subset.get("ports").items()) {
                At name = port.get("name");
                if (!name.blank()) {
                    check.label1123(name);
                } else if (several) {
                    check.required(name, "");
                }
                check.port(port.get("port"));
                check.requiredOneOf(port.get("protocol"), ContainerRules.PROTOCOLS);
                if (port.get("appProtocol").set()) {
                    check.qualified(port.get("appProtocol"));
                }
            }
        }
    }

    /** A host name in a status. */
    static void statusHost(Check check, At host) {
        if (host.blank()) {
            return;
        }
        check.subdomain(host);
        if (Addresses.isAddress(host.text())) {
            check.invalidText(host, "must be a DNS name, not an IP address");
        }
    }
}
