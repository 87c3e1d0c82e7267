package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.List;

/** What Kubernetes demands of Ingresses, NetworkPolicies and EndpointSlices. */
final class NetworkRules {

    private static final List<String> PATH_TYPES =
            List.of("Exact", "ImplementationSpecific", "Prefix");

    private NetworkRules() {}

    static void ingress(Check check, ObjectNode ingress) {
        JsonNode spec = ingress.path("spec");
        JsonNode fallback = spec.path("defaultBackend");
        if (spec.path("rules").isEmpty() && !fallback.isObject()) {
            check.invalid(
                    "spec",
                    NullNode.getInstance(),
                    "either `defaultBackend` or `rules` must be specified");
        }
        if (fallback.isObject()) {
            backend(check, fallback, "spec.defaultBackend");
        }
        int index = 0;
        for (JsonNode rule : spec.path("rules")) {
            rule(check, rule, "spec.rules[" + index++ + "]");
        }
        index = 0;
        for (JsonNode tls : spec.path("tls")) {
            int host = 0;
            for (JsonNode name : tls.path("hosts")) {
                host(check, name.asText(), "spec.tls[" + index + "].hosts[" + host++ + "]");
            }
            index++;
        }
        String className = spec.path("ingressClassName").asText("");
        if (!className.isEmpty()) {
            check.names("spec.ingressClassName", className, Names.subdomain(className, false));
        }
    }

    private static void host(Check check, String host, String path) {
        if (host.isEmpty()) {
            return;
        }
        if (host.contains("*")) {
            if (!host.startsWith("*.")
                    || !Names.subdomain(host.substring(2), false).isEmpty()
                    || host.substring(1).contains("*")) {
                check.add(
                        FieldError.invalidText(
                                path,
                                host,
                                "a wildcard DNS-1123 subdomain must start with '*.', followed by a"
                                        + " valid DNS subdomain, which must consist of lower case"
                                        + " alphanumeric characters, '-' or '.' and end with an"
                                        + " alphanumeric character (e.g. '*.example.com', regex used"
                                        + " for validation is"
                                        + " '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"));
            }
        } else {
            check.names(path, host, Names.subdomain(host, false));
        }
    }

    private static void rule(Check check, JsonNode rule, String path) {
        String host = rule.path("host").asText("");
        if (Check.isAddress(host)) {
            check.invalid(
                    path + ".host", rule.path("host"), "must be a DNS name, not an IP address");
        } else {
            host(check, host, path + ".host");
        }
        JsonNode http = rule.path("http");
        if (!http.isObject()) {
            return;
        }
        if (http.path("paths").isEmpty()) {
            check.required(path + ".http.paths", "");
        }
        int index = 0;
        for (JsonNode each : http.path("paths")) {
            String at = path + ".http.paths[" + index++ + "]";
            JsonNode type = each.path("pathType");
            String text = each.path("path").asText("");
            if (Check.isBlank(type)) {
                check.required(at + ".pathType", "pathType must be specified");
            } else {
                switch (type.asText()) {
                    case "Exact", "Prefix" -> {
                        if (!text.startsWith("/")) {
                            check.invalid(
                                    at + ".path",
                                    TextNode.valueOf(text),
                                    "must be an absolute path");
                        } else {
                            for (String bad : List.of("//", "/./", "/../", "%2f", "%2F")) {
                                if (text.contains(bad)) {
                                    check.invalid(
                                            at + ".path",
                                            each.path("path"),
                                            "must not contain '" + bad + "'");
                                }
                            }
                        }
                    }
                    case "ImplementationSpecific" -> {
                        if (!text.isEmpty() && !text.startsWith("/")) {
                            check.invalid(
                                    at + ".path", each.path("path"), "must be an absolute path");
                        }
                    }
                    default ->
                            check.add(FieldError.notSupported(at + ".pathType", type, PATH_TYPES));
                }
            }
            backend(check, each.path("backend"), at + ".backend");
        }
    }

    private static void backend(Check check, JsonNode backend, String path) {
        boolean resource = backend.path("resource").isObject();
        JsonNode service = backend.path("service");
        if (resource && service.isObject()) {
            check.invalid(
                    path, TextNode.valueOf(""), "cannot set both resource and service backends");
            return;
        }
        if (resource) {
            return;
        }
        if (!service.isObject()) {
            check.required(path, "port name or number is required");
            return;
        }
        String name = service.path("name").asText("");
        if (name.isEmpty()) {
            check.required(path + ".service.name", "");
        } else {
            check.names(path + ".service.name", name, Names.label1035(name, false));
        }
        JsonNode port = service.path("port");
        boolean named = !port.path("name").asText("").isEmpty();
        boolean numbered = port.path("number").asInt(0) != 0;
        if (named && numbered) {
            check.invalid(path, NullNode.getInstance(), "cannot set both port name & port number");
        } else if (named) {
            check.portName(path + ".service.port.name", port.path("name"));
        } else if (numbered) {
            check.port(path + ".service.port.number", port.path("number"));
        } else {
            check.required(path, "port name or number is required");
        }
    }

    static void networkPolicy(Check check, ObjectNode policy) {
        JsonNode spec = policy.path("spec");
        check.selector("spec.podSelector", spec.path("podSelector"));
        for (String direction : List.of("ingress", "egress")) {
            int index = 0;
            for (JsonNode rule : spec.path(direction)) {
                String at = "spec." + direction + "[" + index++ + "]";
                policyPorts(check, rule.path("ports"), at + ".ports");
                String peers = direction.equals("ingress") ? "from" : "to";
                int peer = 0;
                for (JsonNode each : rule.path(peers)) {
                    policyPeer(check, each, at + "." + peers + "[" + peer++ + "]");
                }
            }
        }
        int index = 0;
        for (JsonNode type : spec.path("policyTypes")) {
            check.oneOf("spec.policyTypes[" + index++ + "]", type, List.of("Egress", "Ingress"));
        }
    }

    private static void policyPorts(Check check, JsonNode ports, String path) {
        int index = 0;
        for (JsonNode port : ports) {
            String at = path + "[" + index++ + "]";
            check.oneOf(at + ".protocol", port.path("protocol"), List.of("SCTP", "TCP", "UDP"));
            JsonNode number = port.path("port");
            if (!number.isMissingNode()) {
                check.portOrName(at + ".port", number);
            }
            JsonNode end = port.path("endPort");
            if (end.isNumber()) {
                if (number.isMissingNode()) {
                    check.invalid(at + ".endPort", end, "must be specified with `port`");
                } else if (number.isTextual()) {
                    check.invalid(
                            at + ".endPort",
                            end,
                            "must not be specified when `port` is non-numeric");
                } else if (end.asInt() < number.asInt()) {
                    check.invalid(
                            at + ".endPort", number, "must be greater than or equal to `port`");
                } else {
                    check.port(at + ".endPort", end);
                }
            }
        }
    }

    private static void policyPeer(Check check, JsonNode peer, String path) {
        int kinds = 0;
        for (String selector : List.of("podSelector", "namespaceSelector")) {
            if (peer.path(selector).isObject()) {
                kinds++;
                check.selector(path + "." + selector, peer.path(selector));
            }
        }
        JsonNode block = peer.path("ipBlock");
        if (block.isObject()) {
            check.cidr(path + ".ipBlock.cidr", block.path("cidr"));
            int index = 0;
            for (JsonNode except : block.path("except")) {
                check.cidr(path + ".ipBlock.except[" + index++ + "]", except);
            }
            if (kinds > 0) {
                check.forbidden(path, "may not specify both ipBlock and another peer");
            }
            kinds++;
        }
        if (kinds == 0) {
            check.required(path, "must specify a peer");
        }
    }

    static void endpointSlice(Check check, ObjectNode slice) {
        JsonNode type = slice.path("addressType");
        List<String> types = List.of("FQDN", "IPv4", "IPv6");
        if (Check.isBlank(type)) {
            check.required("addressType", "");
        } else {
            check.oneOf("addressType", type, types);
        }
        int index = 0;
        for (JsonNode endpoint : slice.path("endpoints")) {
            String at = "endpoints[" + index++ + "]";
            if (endpoint.path("addresses").isEmpty()) {
                check.required(at + ".addresses", "must contain at least 1 address");
            }
            int address = 0;
            for (JsonNode each : endpoint.path("addresses")) {
                String path = at + ".addresses[" + address++ + "]";
                if (type.asText().equals("FQDN")) {
                    check.names(path, each.asText(), Names.subdomain(each.asText(), false));
                } else {
                    check.address(path, each);
                }
            }
        }
    }
}
