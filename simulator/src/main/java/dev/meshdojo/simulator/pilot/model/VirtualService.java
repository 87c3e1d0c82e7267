package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A VirtualService with every short name completed: hosts and destinations to full names, gateways
 * to {@code namespace/name}.
 *
 * @param object where it comes from
 * @param spec the completed spec
 * @param hosts hosts it applies to; none for a delegate
 * @param gateways Gateways it is bound to; {@code mesh} for sidecars
 * @param exportTo who may use it
 * @param semantics whose rules of path matching apply
 */
public record VirtualService(
        KubeObject object,
        JsonView spec,
        List<String> hosts,
        List<String> gateways,
        Visibility exportTo,
        Semantics semantics) {

    /** Annotation on objects made from Ingresses and Gateway API routes. */
    public static final String SEMANTICS = "internal.istio.io/route-semantics";

    /** Annotation that names the objects a VirtualService was made from. */
    public static final String PARENTS = "internal.istio.io/parents";

    /** Whose rules of path matching apply. */
    public enum Semantics {
        ISTIO,
        GATEWAY_API,
        INGRESS
    }

    /** Reads an object and completes its names. */
    public static VirtualService of(KubeObject object, MeshConfig mesh) {
        ObjectNode spec =
                object.raw().get("spec") instanceof ObjectNode written
                        ? written.deepCopy()
                        : object.raw().objectNode();
        Names names = new Names(object.namespace(), mesh.domain());
        names.complete(spec);
        JsonView view = JsonView.of(spec);
        List<String> gateways = view.texts("gateways");
        return new VirtualService(
                object,
                view,
                view.texts("hosts"),
                gateways.isEmpty() ? List.of("mesh") : gateways,
                Visibility.of(
                        view.texts("exportTo"), object.namespace(), mesh.virtualServiceExport()),
                semantics(object));
    }

    /** The same VirtualService with other HTTP rules. */
    VirtualService withHttp(ArrayNode http) {
        ObjectNode changed = ((ObjectNode) spec.node()).deepCopy();
        changed.set("http", http);
        return new VirtualService(
                object, JsonView.of(changed), hosts, gateways, exportTo, semantics);
    }

    /** The object's name. */
    public String name() {
        return object.name();
    }

    /** The object's namespace. */
    public String namespace() {
        return object.namespace();
    }

    /** HTTP rules in written order. */
    public List<JsonView> http() {
        return spec.list("http");
    }

    private static Semantics semantics(KubeObject object) {
        return switch (object.annotations().getOrDefault(SEMANTICS, "")) {
            case "gateway" -> Semantics.GATEWAY_API;
            case "ingress" -> Semantics.INGRESS;
            default -> Semantics.ISTIO;
        };
    }

    /** Completes names in a private copy of a spec. */
    private record Names(String namespace, String domain) {

        void complete(ObjectNode spec) {
            replaceTexts(spec.get("hosts"), this::host);
            replaceTexts(spec.get("gateways"), this::gateway);
            for (String kind : List.of("http", "tcp", "tls")) {
                if (spec.get(kind) instanceof ArrayNode rules) {
                    rules.forEach(this::rule);
                }
            }
        }

        private void rule(JsonNode rule) {
            if (rule.get("match") instanceof ArrayNode matches) {
                matches.forEach(match -> replaceTexts(match.get("gateways"), this::gateway));
            }
            if (rule.get("route") instanceof ArrayNode routes) {
                routes.forEach(route -> destination(route.get("destination")));
            }
            destination(rule.get("mirror"));
            if (rule.get("mirrors") instanceof ArrayNode mirrors) {
                mirrors.forEach(mirror -> destination(mirror.get("destination")));
            }
        }

        private void destination(@org.jspecify.annotations.Nullable JsonNode destination) {
            if (destination instanceof ObjectNode object && object.hasNonNull("host")) {
                object.put("host", host(object.get("host").asText()));
            }
        }

        private String host(String host) {
            return Hosts.resolve(host, namespace, domain);
        }

        private String gateway(String name) {
            if (name.equals("mesh")) {
                return name;
            }
            int slash = name.indexOf('/');
            if (slash >= 0) {
                return name.startsWith("./") ? namespace + name.substring(1) : name;
            }
            int dot = name.indexOf('.');
            if (dot < 0) {
                return namespace + "/" + name;
            }
            int end = name.indexOf('.', dot + 1);
            return name.substring(dot + 1, end < 0 ? name.length() : end)
                    + "/"
                    + name.substring(0, dot);
        }

        private static void replaceTexts(
                @org.jspecify.annotations.Nullable JsonNode list,
                java.util.function.UnaryOperator<String> change) {
            if (list instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, change.apply(array.get(i).asText()));
                }
            }
        }
    }
}
