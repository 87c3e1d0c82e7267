package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.controller.object.Fields;

/** What a Service's type means for its addresses. */
final class ServiceKind {

    private ServiceKind() {}

    static String type(JsonNode service) {
        String type = Fields.text(service, "spec", "type");
        return type.isEmpty() ? "ClusterIP" : type;
    }

    static boolean external(JsonNode service) {
        return type(service).equals("ExternalName");
    }

    static boolean headless(JsonNode service) {
        return Fields.text(service, "spec", "clusterIP").equals("None");
    }

    static boolean balanced(JsonNode service) {
        return type(service).equals("LoadBalancer");
    }

    static boolean wantsNodePorts(JsonNode service) {
        return switch (type(service)) {
            case "NodePort" -> true;
            case "LoadBalancer" ->
                    Fields.at(service, "spec", "allocateLoadBalancerNodePorts").asBoolean(true);
            default -> false;
        };
    }
}
