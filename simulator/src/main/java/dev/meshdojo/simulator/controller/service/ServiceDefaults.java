package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        if (isReachable(spec) || type.equals("ClusterIP")) {
            put(spec, "internalTrafficPolicy", "Cluster");
        }
        if (isReachable(spec)) {
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

    /** What a client left out of an update because the server had filled it in. */
    static void keepAllocated(ObjectNode spec, ObjectNode old) {
        JsonNode before = old.path("spec");
        boolean addressed =
                !Fields.text(spec, "type").equals("ExternalName")
                        && !Fields.text(before, "type").equals("ExternalName");
        if (addressed) {
            for (String field : List.of("clusterIP", "clusterIPs")) {
                if (isEmpty(spec.path(field))) {
                    copy(spec, before, field);
                }
            }
        }
        keepNodePorts(spec, old);
        if (checksHealth(spec)
                && checksHealth(before)
                && Fields.number(spec, "healthCheckNodePort") == 0) {
            copy(spec, before, "healthCheckNodePort");
        }
    }

    /** Brings {@code clusterIP} and {@code clusterIPs} together, whichever the client knows. */
    static void align(ObjectNode spec, @Nullable ObjectNode old) {
        String ip = Fields.text(spec, "clusterIP");
        if (old == null) {
            if (!ip.isEmpty() && spec.path("clusterIPs").isEmpty()) {
                spec.putArray("clusterIPs").add(ip);
            }
            return;
        }
        JsonNode before = old.path("spec");
        String oldIp = Fields.text(before, "clusterIP");
        if (spec.path("clusterIPs").isEmpty() && ip.equals(oldIp)) {
            copy(spec, before, "clusterIPs");
        }
        boolean same = Fields.same(spec.path("clusterIPs"), before.path("clusterIPs"));
        if (!ip.equals(oldIp) && same) {
            if (ip.isEmpty()) {
                spec.remove("clusterIPs");
            } else {
                spec.putArray("clusterIPs").add(ip);
            }
        }
    }

    /** Drops what only the old type had, unless the client changed it, too. */
    static void dropForType(ObjectNode spec, ObjectNode old) {
        JsonNode before = old.path("spec");
        String type = Fields.text(spec, "type");
        if (type.equals("ExternalName") && !Fields.text(before, "type").equals("ExternalName")) {
            for (String field :
                    List.of(
                            "clusterIP",
                            "clusterIPs",
                            "ipFamilies",
                            "ipFamilyPolicy",
                            "internalTrafficPolicy")) {
                drop(spec, before, field);
            }
        }
        if (wantsNodePorts(before) && !wantsNodePorts(spec) && sameNodePorts(spec, before)) {
            Fields.objects(spec, "ports").forEach(port -> port.remove("nodePort"));
        }
        if (!checksHealth(spec)) {
            drop(spec, before, "healthCheckNodePort");
        }
        if (!type.equals("LoadBalancer")) {
            drop(spec, before, "allocateLoadBalancerNodePorts");
            drop(spec, before, "loadBalancerClass");
        }
        if (!isReachable(spec) && isReachable(before)) {
            drop(spec, before, "externalTrafficPolicy");
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.asText().isEmpty() && value.isEmpty();
    }

    private static boolean checksHealth(JsonNode spec) {
        return Fields.text(spec, "type").equals("LoadBalancer")
                && Fields.text(spec, "externalTrafficPolicy").equals("Local");
    }

    private static boolean isReachable(JsonNode spec) {
        return switch (Fields.text(spec, "type")) {
            case "NodePort", "LoadBalancer" -> true;
            case "ClusterIP" -> !spec.path("externalIPs").isEmpty();
            default -> false;
        };
    }

    private static boolean wantsNodePorts(JsonNode spec) {
        ObjectNode service = Fields.object();
        service.set("spec", spec);
        return ServiceKind.wantsNodePorts(service);
    }

    private static boolean sameNodePorts(JsonNode spec, JsonNode before) {
        return nodePorts(spec).equals(nodePorts(before));
    }

    private static Set<Integer> nodePorts(JsonNode spec) {
        Set<Integer> numbers = new HashSet<>();
        for (JsonNode port : spec.path("ports")) {
            if (Fields.number(port, "nodePort") != 0) {
                numbers.add(Fields.number(port, "nodePort"));
            }
        }
        return numbers;
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

    /** Ports keep their node ports by name. */
    private static void keepNodePorts(ObjectNode spec, ObjectNode old) {
        JsonNode before = old.path("spec");
        if (!wantsNodePorts(before) || !wantsNodePorts(spec)) {
            return;
        }
        Set<Integer> used = nodePorts(spec);
        used.retainAll(nodePorts(before));
        for (ObjectNode port : Fields.objects(spec, "ports")) {
            if (Fields.number(port, "nodePort") != 0) {
                continue;
            }
            for (JsonNode other : before.path("ports")) {
                int held = Fields.number(other, "nodePort");
                if (Fields.text(other, "name").equals(Fields.text(port, "name"))
                        && held > 0
                        && !used.contains(held)) {
                    port.put("nodePort", held);
                }
            }
        }
    }
}
