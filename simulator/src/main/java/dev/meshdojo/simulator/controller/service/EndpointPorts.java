package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;

/** Resolves a Service's target ports on one pod. Source: {@code podutil.FindPort}. */
final class EndpointPorts {

    private EndpointPorts() {}

    /** The port of a pod that a Service port means; 0 when a named port is not there. */
    static int resolve(ObjectNode pod, JsonNode port) {
        JsonNode target = Fields.at(port, "targetPort");
        String protocol = protocol(port);
        if (target.isMissingNode() || target.isNull() || (target.isInt() && target.asInt() == 0)) {
            return Fields.number(port, "port");
        }
        if (!target.isTextual()) {
            return target.asInt();
        }
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : Fields.at(pod, "spec", list)) {
                if (list.equals("initContainers")
                        && !Fields.text(container, "restartPolicy").equals("Always")) {
                    continue;
                }
                for (JsonNode declared : Fields.at(container, "ports")) {
                    if (Fields.text(declared, "name").equals(target.asText())
                            && protocol(declared).equals(protocol)) {
                        return Fields.number(declared, "containerPort");
                    }
                }
            }
        }
        return 0;
    }

    static String protocol(JsonNode port) {
        String protocol = Fields.text(port, "protocol");
        return protocol.isEmpty() ? "TCP" : protocol;
    }

    /**
     * The ports of an endpoint on one pod, as an EndpointSlice names them; those that do not
     * resolve are left out.
     *
     * @param nameAlways whether a port without a name gets the empty one
     */
    static ArrayNode of(ObjectNode service, ObjectNode pod, boolean nameAlways) {
        ArrayNode ports = Fields.object().putArray("ports");
        for (JsonNode port : Fields.at(service, "spec", "ports")) {
            int number = resolve(pod, port);
            if (number == 0) {
                continue;
            }
            ObjectNode entry = ports.addObject();
            String name = Fields.text(port, "name");
            if (nameAlways || !name.isEmpty()) {
                entry.put("name", name);
            }
            entry.put("port", number).put("protocol", protocol(port));
            if (Fields.has(port, "appProtocol")) {
                entry.put("appProtocol", Fields.text(port, "appProtocol"));
            }
        }
        return ports;
    }
}
