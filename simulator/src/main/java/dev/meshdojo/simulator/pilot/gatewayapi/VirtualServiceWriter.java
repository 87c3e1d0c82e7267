package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.Hosts;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the VirtualServices that routes amount to. Remembers those of the last time, so that what
 * is made of the same conversions is the same object. Not thread-safe.
 */
final class VirtualServiceWriter {

    private static final Comparator<RouteConversion> BY_AGE =
            Comparator.comparing((RouteConversion part) -> part.route().created())
                    .thenComparing(part -> part.route().namespace())
                    .thenComparing(part -> part.route().name());

    private record Key(String gateway, String host) {}

    private record Joined(List<RouteConversion> parts, KubeObject object) {}

    private Map<Key, Joined> joined = Map.of();
    private IdentityHashMap<RouteConversion, List<KubeObject>> opaque = new IdentityHashMap<>();

    /** The VirtualServices of all routes. */
    List<KubeObject> write(List<RouteConversion> routes) {
        Map<Key, List<RouteConversion>> http = new LinkedHashMap<>();
        IdentityHashMap<RouteConversion, List<KubeObject>> nextOpaque = new IdentityHashMap<>();
        List<KubeObject> out = new ArrayList<>();
        for (RouteConversion route : routes) {
            switch (route.route().kind()) {
                case "HTTPRoute", "GRPCRoute" -> place(route, http);
                default -> {
                    List<KubeObject> written = opaque.get(route);
                    if (written == null) {
                        written = opaque(route);
                    }
                    nextOpaque.put(route, written);
                    out.addAll(written);
                }
            }
        }
        Map<Key, Joined> nextJoined = new HashMap<>();
        http.forEach(
                (key, parts) -> {
                    Joined known = joined.get(key);
                    Joined now =
                            known != null && known.parts.equals(parts)
                                    ? known
                                    : new Joined(parts, join(key, parts));
                    nextJoined.put(key, now);
                    out.add(now.object);
                });
        opaque = nextOpaque;
        joined = nextJoined;
        return out;
    }

    private static void place(RouteConversion conversion, Map<Key, List<RouteConversion>> http) {
        if (conversion.rules().isEmpty()) {
            return;
        }
        List<String> written = conversion.route().spec().texts("hostnames");
        for (RouteConversion.Attachment attachment : conversion.accepted()) {
            for (String host : written.isEmpty() ? List.of("*") : written) {
                if (attachment.parent().serves(host, attachment.siblings())) {
                    http.computeIfAbsent(
                                    new Key(attachment.parent().internalName(), host),
                                    key -> new ArrayList<>())
                            .add(conversion);
                }
            }
        }
    }

    private static KubeObject join(Key key, List<RouteConversion> parts) {
        List<RouteConversion> ordered = parts.stream().sorted(BY_AGE).toList();
        List<ObjectNode> rules = new ArrayList<>();
        StringBuilder parents = new StringBuilder();
        for (RouteConversion part : ordered) {
            rules.addAll(part.rules());
            parents.append(parents.isEmpty() ? "" : ",").append(label(part.route()));
        }
        if (ordered.size() > 1) {
            rules.sort(RuleConversion.PRECEDENCE);
        }
        ObjectNode object =
                object(
                        (key.gateway + "/" + key.host).replace('/', '~'),
                        ordered.getFirst().route(),
                        parents.toString());
        ObjectNode spec = object.putObject("spec");
        spec.putArray("hosts").add(key.host);
        spec.putArray("gateways").add(key.gateway);
        ArrayNode written = spec.putArray("http");
        rules.forEach(written::add);
        return KubeObject.of(object);
    }

    private static List<KubeObject> opaque(RouteConversion conversion) {
        KubeObject route = conversion.route();
        boolean tls = route.kind().equals("TLSRoute");
        List<String> written = route.spec().texts("hostnames");
        List<String> hosts = !tls || written.isEmpty() ? List.of("*") : written;
        List<KubeObject> out = new ArrayList<>();
        for (RouteConversion.Attachment attachment : conversion.accepted()) {
            Parent parent = attachment.parent();
            boolean narrow = tls && !parent.hostname().isEmpty();
            List<String> served =
                    narrow ? Hosts.intersection(hosts, List.of(parent.hostname())) : hosts;
            ArrayNode rules =
                    narrow
                            ? narrowed(conversion.rules(), parent.hostname())
                            : array(conversion.rules());
            for (String host : served) {
                String name =
                        route.name()
                                + (tls ? "~tls~" : "~tcp~")
                                + out.size()
                                + "~"
                                + ListenerConversion.SUFFIX;
                ObjectNode object = object(name, route, label(route));
                ObjectNode spec = object.putObject("spec");
                spec.putArray("hosts").add(host);
                spec.putArray("gateways").add(parent.internalName());
                spec.set(tls ? "tls" : "tcp", rules);
                out.add(KubeObject.of(object));
            }
        }
        return out;
    }

    /** TLS rules whose server names are cut down to those of a listener. */
    private static ArrayNode narrowed(List<ObjectNode> rules, String hostname) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (ObjectNode rule : rules) {
            ObjectNode copy = rule.deepCopy();
            boolean left = !copy.has("match");
            for (JsonView match : JsonView.of(copy).list("match")) {
                List<String> names = Hosts.intersection(match.texts("sniHosts"), List.of(hostname));
                left |= !names.isEmpty();
                ArrayNode hosts = ((ObjectNode) match.node()).putArray("sniHosts");
                names.forEach(hosts::add);
            }
            if (left) {
                out.add(copy);
            }
        }
        return out;
    }

    private static ArrayNode array(List<ObjectNode> rules) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        rules.forEach(out::add);
        return out;
    }

    private static String label(KubeObject route) {
        return route.kind() + "/" + route.name() + "." + route.namespace();
    }

    private static ObjectNode object(String name, KubeObject route, String parents) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "networking.istio.io/v1").put("kind", "VirtualService");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("namespace", route.namespace())
                .put("name", name)
                .put("creationTimestamp", route.created());
        metadata.putObject("annotations")
                .put(VirtualService.SEMANTICS, "gateway")
                .put(VirtualService.PARENTS, parents);
        return object;
    }
}
