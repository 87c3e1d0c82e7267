package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code backendRefs} of a rule as VirtualService destinations.
 *
 * @param world what may be referred to
 * @param routeKind kind of the route
 * @param namespace namespace of the route
 * @param grants whether references to other namespaces need a ReferenceGrant
 */
record Backends(World world, String routeKind, String namespace, boolean grants) {

    /**
     * Destinations of a rule.
     *
     * @param routes the destinations; null when the rule cannot be served at all
     * @param error what is wrong; null when nothing is
     */
    record Result(@Nullable ArrayNode routes, @Nullable ConversionError error) {}

    /** A destination; an empty one leads nowhere. */
    record Destination(ObjectNode node, @Nullable ConversionError error) {}

    static int weight(JsonView reference) {
        return reference.has("weight") ? reference.integer("weight") : 1;
    }

    static int weightSum(List<JsonView> references) {
        return references.stream().mapToInt(Backends::weight).sum();
    }

    /** Destinations with a positive weight; a lone one carries none. */
    Result destinations(List<JsonView> references) {
        List<JsonView> used =
                references.stream().filter(reference -> weight(reference) != 0).toList();
        ArrayNode routes = JsonNodeFactory.instance.arrayNode();
        ConversionError soft = null;
        for (JsonView reference : used) {
            Destination destination = destination(reference);
            ConversionError error = destination.error;
            if (error != null) {
                if (!error.softens()) {
                    return new Result(null, error);
                }
                soft = error;
            }
            ObjectNode route = routes.addObject();
            route.set("destination", destination.node);
            route.put("weight", used.size() == 1 ? 0 : weight(reference));
            ConversionError filter = headers(reference, route);
            if (filter != null) {
                return new Result(null, filter);
            }
        }
        return new Result(routes, soft);
    }

    Destination destination(JsonView reference) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        String group = reference.text("group");
        String kind = reference.text("kind").isEmpty() ? "Service" : reference.text("kind");
        String name = reference.text("name");
        String written = reference.text("namespace");
        String owner = written.isEmpty() ? namespace : written;
        if (grants
                && !owner.equals(namespace)
                && !world.grants().allowed(routeKind, namespace, group, kind, owner, name)) {
            return new Destination(
                    out,
                    new ConversionError(
                            ConversionError.NOT_PERMITTED,
                            "backendRef "
                                    + name
                                    + "/"
                                    + owner
                                    + " not accessible to a "
                                    + routeKind
                                    + " in namespace \""
                                    + namespace
                                    + "\" (missing a ReferenceGrant?)"));
        }
        ConversionError error;
        String host;
        if (group.isEmpty() && kind.equals("Service")) {
            if (name.contains(".")) {
                return new Destination(
                        out,
                        new ConversionError(
                                "InvalidDestination",
                                "service name invalid; the name of the Service must be used, not"
                                        + " the hostname."));
            }
            host = world.hostname(name, owner);
            error = world.serviceExists(owner, name) ? null : missing(host);
        } else if (group.equals("networking.istio.io") && kind.equals("Hostname")) {
            if (!written.isEmpty()) {
                return new Destination(
                        out,
                        new ConversionError(
                                "InvalidDestination",
                                "namespace may not be set with Hostname type"));
            }
            host = name;
            error = world.hostExists(host, namespace) ? null : missing(host);
        } else if (group.equals("multicluster.x-k8s.io") && kind.equals("ServiceImport")) {
            host = world.hostname(name, owner);
            error = world.serviceExists(owner, name) ? null : missing(host);
        } else if (group.equals("inference.networking.k8s.io") && kind.equals("InferencePool")) {
            return new Destination(
                    out,
                    new ConversionError(
                            ConversionError.KIND,
                            "InferencePool is not enabled. To enable, set"
                                    + " ENABLE_GATEWAY_API_INFERENCE_EXTENSION to true in istiod"));
        } else {
            return new Destination(
                    out,
                    new ConversionError(
                            ConversionError.KIND,
                            "referencing unsupported backendRef: group \""
                                    + group
                                    + "\" kind \""
                                    + kind
                                    + "\""));
        }
        if (!reference.has("port")) {
            return new Destination(
                    out,
                    new ConversionError("InvalidDestination", "port is required in backendRef"));
        }
        out.put("host", host).putObject("port").put("number", reference.integer("port"));
        return new Destination(out, error);
    }

    private static @Nullable ConversionError headers(JsonView reference, ObjectNode route) {
        for (JsonView filter : reference.list("filters")) {
            ConversionError error =
                    switch (filter.text("type")) {
                        case "RequestHeaderModifier" ->
                                RouteFilterConversion.headers(
                                        route, "request", filter.at("requestHeaderModifier"));
                        case "ResponseHeaderModifier" ->
                                RouteFilterConversion.headers(
                                        route, "response", filter.at("responseHeaderModifier"));
                        default -> RouteFilterConversion.unsupported(filter.text("type"));
                    };
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static ConversionError missing(String host) {
        return new ConversionError(ConversionError.NOT_FOUND, "backend(" + host + ") not found");
    }
}
