package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.Hosts;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the VirtualServices that routes amount to. */
final class VirtualServiceWriter {

    private record Part(KubeObject route, String gateway, String host, List<ObjectNode> rules) {}

    private final World world;
    private final Map<String, List<Part>> http = new LinkedHashMap<>();
    private final List<KubeObject> out = new ArrayList<>();

    VirtualServiceWriter(World world) {
        this.world = world;
    }

    /** Adds the rules of an HTTPRoute or GRPCRoute under each of its hosts. */
    void addHttp(RouteConversion conversion, List<ObjectNode> rules) {
        if (rules.isEmpty()) {
            return;
        }
        KubeObject route = conversion.route();
        List<String> written = route.spec().texts("hostnames");
        for (RouteConversion.Attachment attachment : conversion.accepted()) {
            for (String host : written.isEmpty() ? List.of("*") : written) {
                if (!attachment.parent().serves(host, attachment.siblings())) {
                    continue;
                }
                String gateway = attachment.parent().internalName();
                http.computeIfAbsent(
                                route.kind() + " " + gateway + "/" + host, key -> new ArrayList<>())
                        .add(new Part(route, gateway, host, rules));
            }
        }
    }

    /** Adds a TCPRoute or TLSRoute. */
    void addOpaque(RouteConversion conversion) {
        KubeObject route = conversion.route();
        boolean tls = route.kind().equals("TLSRoute");
        List<String> written = route.spec().texts("hostnames");
        List<String> hosts = !tls || written.isEmpty() ? List.of("*") : written;
        int count = 0;
        for (RouteConversion.Attachment attachment : conversion.accepted()) {
            Parent parent = attachment.parent();
            List<String> served =
                    tls && !parent.hostname().isEmpty()
                            ? Hosts.intersection(hosts, List.of(parent.hostname()))
                            : hosts;
            ArrayNode rules = opaqueRules(route, tls, served);
            for (String host : served) {
                String name =
                        route.name()
                                + (tls ? "~tls~" : "~tcp~")
                                + count++
                                + "~"
                                + ListenerConversion.SUFFIX;
                ObjectNode object = object(name, route);
                ObjectNode spec = object.putObject("spec");
                spec.putArray("hosts").add(host);
                spec.putArray("gateways").add(parent.internalName());
                spec.set(tls ? "tls" : "tcp", rules);
                out.add(KubeObject.of(object));
            }
        }
    }

    /** Everything added, routes of one listener and host joined. */
    List<KubeObject> write() {
        for (List<Part> parts : http.values()) {
            parts.sort(
                    Comparator.comparing((Part part) -> part.route.created())
                            .thenComparing(part -> part.route.namespace())
                            .thenComparing(part -> part.route.name()));
            Part first = parts.getFirst();
            List<ObjectNode> rules = new ArrayList<>();
            parts.forEach(part -> rules.addAll(part.rules));
            rules.sort(RuleConversion.PRECEDENCE);
            ObjectNode object =
                    object((first.gateway + "/" + first.host).replace('/', '~'), first.route);
            ObjectNode spec = object.putObject("spec");
            spec.putArray("hosts").add(first.host);
            spec.putArray("gateways").add(first.gateway);
            ArrayNode written = spec.putArray("http");
            rules.forEach(written::add);
            out.add(KubeObject.of(object));
        }
        return out;
    }

    private ArrayNode opaqueRules(KubeObject route, boolean tls, List<String> hosts) {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        Backends backends = new Backends(world, route.kind(), route.namespace());
        for (var rule : route.spec().list("rules")) {
            ObjectNode converted = rules.objectNode();
            if (Backends.weightSum(rule.list("backendRefs")) == 0) {
                ObjectNode destination =
                        converted.putArray("route").addObject().putObject("destination");
                destination.put("host", "internal.cluster.local").put("subset", "zero-weight");
                destination.putObject("port").put("number", 65535);
            } else {
                Backends.Result result = backends.destinations(rule.list("backendRefs"));
                if (result.routes() == null) {
                    return JsonNodeFactory.instance.arrayNode();
                }
                converted.set("route", result.routes());
                if (tls) {
                    ArrayNode names = converted.putArray("match").addObject().putArray("sniHosts");
                    hosts.forEach(names::add);
                }
            }
            rules.add(converted);
        }
        return rules;
    }

    private static ObjectNode object(String name, KubeObject route) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "networking.istio.io/v1").put("kind", "VirtualService");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("namespace", route.namespace())
                .put("name", name)
                .put("creationTimestamp", route.created());
        metadata.putObject("annotations")
                .put(VirtualService.SEMANTICS, "gateway")
                .put(
                        VirtualService.PARENTS,
                        route.kind() + "/" + route.name() + "." + route.namespace());
        return object;
    }
}
