package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.List;

/** What a Service gets by itself, and what an update keeps although it does not say so. */
final class ServiceDefaults {

    private ServiceDefaults() {}

    static void apply(ObjectNode spec) {
        put(spec, "type", "ClusterIP");
        put(spec, "sessionAffinity", "None");
        String type = Fields.text(spec, "type");
        for (ObjectNode port : Fields.objects(spec, "ports")) {
            put(port, "protocol", "TCP");
            JsonNode target = port.path("targetPort");
            boolean unset =
                    target.isMissingNode()
                            || target.isNull()
                            || target.asText().isEmpty()
                            || (target.isNumber() && target.asInt() == 0);
            if (unset && !type.equals("ExternalName") && port.has("port")) {
                port.set("targetPort", port.get("port"));
            }
        }
        if (type.equals("ExternalName")) {
            return;
        }
        put(spec, "internalTrafficPolicy", "Cluster");
        boolean outside = !type.equals("ClusterIP") || !spec.path("externalIPs").isEmpty();
        if (outside) {
            put(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer") && !spec.has("allocateLoadBalancerNodePorts")) {
            spec.put("allocateLoadBalancerNodePorts", true);
        }
    }

    private static void put(ObjectNode node, String field, String value) {
        if (Fields.text(node, field).isEmpty()) {
            node.put(field, value);
        }
    }

    /** Carries allocated values over, and drops those that only the old type had. */
    static void keepAllocated(ObjectNode spec, ObjectNode old) {
        JsonNode before = old.path("spec");
        String type = Fields.text(spec, "type");
        boolean addressed =
                !type.equals("ExternalName") && !Fields.text(before, "type").equals("ExternalName");
        if (addressed) {
            for (String field :
                    List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
                if (spec.path(field).asText().isEmpty() && spec.path(field).isEmpty()) {
                    copy(spec, before, field);
                }
            }
        } else if (type.equals("ExternalName")) {
            for (String field :
                    List.of(
                            "clusterIP",
                            "clusterIPs",
                            "ipFamilies",
                            "ipFamilyPolicy",
                            "internalTrafficPolicy")) {
                if (Fields.same(spec.path(field), before.path(field))) {
                    spec.remove(field);
                }
            }
        }
        keepNodePorts(spec, old);
        if (!type.equals("LoadBalancer")) {
            drop(spec, before, "allocateLoadBalancerNodePorts");
            drop(spec, before, "healthCheckNodePort");
            drop(spec, before, "loadBalancerClass");
        } else {
            if (Fields.number(spec, "healthCheckNodePort") == 0) {
                copy(spec, before, "healthCheckNodePort");
            }
        }
        if (type.equals("ClusterIP") && spec.path("externalIPs").isEmpty()) {
            drop(spec, before, "externalTrafficPolicy");
        }
    }

    private static void copy(ObjectNode spec, JsonNode before, String field) {
        if (before.has(field)) {
            spec.set(field, before.get(field).deepCopy());
        }
    }

    private static void drop(ObjectNode spec, JsonNode before, String field) {
        if (spec.has(field) && Fields.same(spec.get(field), before.path(field))) {
            spec.remove(field);
        }
    }

    private static void keepNodePorts(ObjectNode spec, ObjectNode old) {
        ObjectNode service = Fields.object();
        service.set("spec", spec);
        boolean wants = ServiceKind.wantsNodePorts(service);
        for (ObjectNode port : Fields.objects(spec, "ports")) {
            for (JsonNode other : Fields.at(old, "spec", "ports")) {
                boolean same =
                        Fields.number(other, "port") == Fields.number(port, "port")
                                && EndpointPorts.protocol(other)
                                        .equals(EndpointPorts.protocol(port));
                if (!same) {
                    continue;
                }
                int held = Fields.number(other, "nodePort");
                int wanted = Fields.number(port, "nodePort");
                if (wants && wanted == 0 && held > 0) {
                    port.put("nodePort", held);
                } else if (!wants && wanted == held) {
                    port.remove("nodePort");
                }
            }
        }
    }
}
