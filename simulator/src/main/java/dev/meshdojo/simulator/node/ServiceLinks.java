package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The environment variables that tell containers of the Services of their namespace, in the manner
 * of Docker links. Source: kubelet's {@code envvars.FromServices}.
 */
final class ServiceLinks {

    private final Map<String, String> values = new LinkedHashMap<>();

    private ServiceLinks() {}

    /** The variables for a pod; of the service {@code kubernetes} alone when it wants no links. */
    static Map<String, String> of(ResourceApi api, ObjectNode pod) {
        ServiceLinks links = new ServiceLinks();
        String namespace = Meta.namespace(pod);
        boolean wanted =
                !Fields.has(pod, "spec", "enableServiceLinks")
                        || Fields.flag(pod, "spec", "enableServiceLinks");
        if (wanted) {
            api.list("", "services", namespace, "").items().forEach(links::add);
        }
        if (!wanted || !namespace.equals("default")) {
            api.list("", "services", "default", "").items().stream()
                    .filter(service -> Meta.name(service).equals("kubernetes"))
                    .forEach(links::add);
        }
        return links.values;
    }

    private void add(ObjectNode service) {
        String ip = Fields.text(service, "spec", "clusterIP");
        List<ObjectNode> ports = Fields.objects(service, "spec", "ports");
        if (ip.isEmpty() || ip.equals("None") || ports.isEmpty()) {
            return;
        }
        String name = variable(Meta.name(service));
        values.put(name + "_SERVICE_HOST", ip);
        values.put(name + "_SERVICE_PORT", number(ports.getFirst()));
        for (ObjectNode port : ports) {
            String portName = Fields.text(port, "name");
            if (!portName.isEmpty()) {
                values.put(name + "_SERVICE_PORT_" + variable(portName), number(port));
            }
        }
        values.put(name + "_PORT", address(ip, ports.getFirst()));
        for (ObjectNode port : ports) {
            String prefix = name + "_PORT_" + number(port) + "_" + protocol(port);
            values.put(prefix, address(ip, port));
            values.put(prefix + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
            values.put(prefix + "_PORT", number(port));
            values.put(prefix + "_ADDR", ip);
        }
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String number(ObjectNode port) {
        return Integer.toString(Fields.number(port, "port"));
    }

    private static String protocol(ObjectNode port) {
        String protocol = Fields.text(port, "protocol");
        return protocol.isEmpty() ? "TCP" : protocol;
    }

    private static String address(String ip, ObjectNode port) {
        return protocol(port).toLowerCase(Locale.ROOT) + "://" + ip + ":" + number(port);
    }
}
