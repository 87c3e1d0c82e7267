package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of Services. */
final class ServiceRules {

    private static final List<String> TYPES =
            List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");

    private ServiceRules() {}

    static void validate(Check check, ObjectNode service) {
        JsonNode spec = service.path("spec");
        String type = spec.path("type").asText();
        boolean headless = spec.path("clusterIP").asText("").equals("None");
        JsonNode ports = spec.path("ports");
        if (ports.isEmpty() && !headless && !type.equals("ExternalName")) {
            check.required("spec.ports", "");
        }
        if (type.equals("ExternalName")) {
            String name = spec.path("externalName").asText("");
            String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            if (plain.isEmpty()) {
                check.required("spec.externalName", "");
            } else {
                check.names("spec.externalName", name, Names.subdomain(plain, false));
            }
        }
        if (type.equals("LoadBalancer") && headless) {
            check.invalid(
                    "spec.clusterIPs[0]",
                    TextNode.valueOf("None"),
                    "may not be set to 'None' for LoadBalancer services");
        }
        if (type.equals("NodePort") && headless) {
            check.invalid(
                    "spec.clusterIPs[0]",
                    TextNode.valueOf("None"),
                    "may not be set to 'None' for NodePort services");
        }
        ports(check, ports, type);
        spec.path("selector")
                .properties()
                .forEach(
                        label -> {
                            check.names(
                                    "spec.selector",
                                    label.getKey(),
                                    Names.qualified(label.getKey()));
                            check.names(
                                    "spec.selector",
                                    label.getValue().asText(),
                                    Names.labelValue(label.getValue().asText()));
                        });
        check.oneOf(
                "spec.sessionAffinity", spec.path("sessionAffinity"), List.of("ClientIP", "None"));
        int index = 0;
        for (JsonNode ip : spec.path("externalIPs")) {
            check.address("spec.externalIPs[" + index++ + "]", ip);
        }
        if (!TYPES.contains(type)) {
            check.add(FieldError.notSupported("spec.type", spec.path("type"), TYPES));
        }
        ranges(check, spec, type);
        policies(check, spec, type);
    }

    private static void ports(Check check, JsonNode ports, String type) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        Set<String> nodePorts = new HashSet<>();
        int index = 0;
        for (JsonNode port : ports) {
            String at = "spec.ports[" + index++ + "]";
            String name = port.path("name").asText("");
            if (name.isEmpty()) {
                if (ports.size() > 1) {
                    check.required(at + ".name", "");
                }
            } else {
                check.names(at + ".name", name, Names.label(name, false));
                if (!names.add(name)) {
                    check.add(FieldError.duplicate(at + ".name", port.path("name")));
                }
            }
            check.port(at + ".port", port.path("port"));
            check.oneOf(at + ".protocol", port.path("protocol"), List.of("SCTP", "TCP", "UDP"));
            check.portOrName(at + ".targetPort", port.path("targetPort"));
            if (port.path("nodePort").asInt() != 0
                    && (type.equals("ClusterIP") || type.equals("ExternalName"))) {
                check.forbidden(at + ".nodePort", "may not be used when `type` is '" + type + "'");
            }
        }
        index = 0;
        for (JsonNode port : ports) {
            String at = "spec.ports[" + index++ + "]";
            ObjectNode key = ((ObjectNode) port).objectNode();
            String protocol = port.path("protocol").asText();
            if (port.path("nodePort").asInt() != 0
                    && !nodePorts.add(protocol + port.path("nodePort"))) {
                check.add(FieldError.duplicate(at + ".nodePort", port.path("nodePort")));
            }
            if (!numbers.add(protocol + port.path("port"))) {
                key.put("port", port.path("port").asInt()).put("protocol", protocol);
                ObjectNode printed = key.objectNode();
                if (!port.path("name").asText("").isEmpty()) {
                    printed.put("name", "");
                }
                check.add(
                        new FieldError(
                                FieldError.Type.DUPLICATE,
                                at,
                                "{\"Name\":\"\",\"Protocol\":\""
                                        + protocol
                                        + "\",\"AppProtocol\":null,\"Port\":"
                                        + port.path("port")
                                        + ",\"TargetPort\":0,\"NodePort\":0}",
                                ""));
            }
        }
    }

    private static void ranges(Check check, JsonNode spec, String type) {
        JsonNode ranges = spec.path("loadBalancerSourceRanges");
        if (ranges.isEmpty()) {
            return;
        }
        if (!type.equals("LoadBalancer")) {
            check.forbidden(
                    "spec.loadBalancerSourceRanges",
                    "may only be used when `type` is 'LoadBalancer'");
        }
        int index = 0;
        for (JsonNode range : ranges) {
            check.cidr("spec.loadBalancerSourceRanges[" + index++ + "]", range);
        }
    }

    private static void policies(Check check, JsonNode spec, String type) {
        boolean external =
                type.equals("NodePort")
                        || type.equals("LoadBalancer")
                        || !spec.path("externalIPs").isEmpty();
        JsonNode policy = spec.path("externalTrafficPolicy");
        if (!Check.isBlank(policy)) {
            if (!external) {
                check.invalid(
                        "spec.externalTrafficPolicy",
                        policy,
                        "may only be set for externally-accessible services");
            } else {
                check.oneOf("spec.externalTrafficPolicy", policy, List.of("Cluster", "Local"));
            }
        }
        check.oneOf(
                "spec.internalTrafficPolicy",
                spec.path("internalTrafficPolicy"),
                List.of("Cluster", "Local"));
    }

    static void validateUpdate(Check check, ObjectNode service, ObjectNode old) {
        JsonNode spec = service.path("spec");
        String before = old.path("spec").path("clusterIP").asText("");
        boolean external =
                spec.path("type").asText().equals("ExternalName")
                        || old.path("spec").path("type").asText().equals("ExternalName");
        if (!external && !before.isEmpty()) {
            JsonNode now = spec.path("clusterIP");
            if (!now.asText("").equals(before)) {
                check.invalid(
                        "spec.clusterIPs[0]",
                        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                                .arrayNode()
                                .add(now.asText("")),
                        "may not change once set");
            }
        }
        validate(check, service);
    }

    static void validateStatus(Check check, ObjectNode service) {
        if (!service.path("spec").path("type").asText().equals("LoadBalancer")
                && !service.path("status").path("loadBalancer").path("ingress").isEmpty()) {
            check.forbidden(
                    "status.loadBalancer.ingress",
                    "may only be used when `spec.type` is 'LoadBalancer'");
        }
    }
}
