package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import dev.meshdojo.simulator.pilot.model.Derived;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts Gateway API objects, from one snapshot to the next: what a change does not touch stays
 * the same instance. Not thread-safe; what it makes is immutable.
 */
public final class GatewayApi {

    /** The controller that Istio's gateway class names. */
    public static final String CONTROLLER = "istio.io/gateway-controller";

    /** The controller of classes whose Gateways somebody else serves. */
    static final String UNMANAGED = "istio.io/unmanaged-gateway";

    private static final List<String> ROUTE_KINDS =
            List.of(
                    "httproutes." + Grants.GROUP,
                    "grpcroutes." + Grants.GROUP,
                    "tlsroutes." + Grants.GROUP,
                    "tcproutes." + Grants.GROUP);

    /** What Gateways and their listeners are made of. */
    private static final List<String> GATEWAY_KINDS =
            List.of(
                    "gatewayclasses." + Grants.GROUP,
                    "gateways." + Grants.GROUP,
                    "listenersets." + Grants.GROUP,
                    "referencegrants." + Grants.GROUP,
                    "secrets",
                    "configmaps",
                    "namespaces");

    /** What routes refer to besides listeners. */
    private static final List<String> REFERENCE_KINDS =
            List.of(
                    "referencegrants." + Grants.GROUP,
                    "serviceentries.networking.istio.io",
                    "services",
                    "namespaces");

    private static final String TLS_POLICIES = "backendtlspolicies." + Grants.GROUP;

    /** The kinds, by {@code plural.group}, that conversion reads. */
    public static final List<String> KINDS = kinds();

    private final VirtualServiceWriter writer = new VirtualServiceWriter();
    private @Nullable MeshSnapshot last;
    private @Nullable MeshConfig lastMesh;
    private List<GatewayConversion> gateways = List.of();
    private Map<ParentKey, List<Parent>> parents = Map.of();
    private Map<KubeObject, RouteConversion> known = Map.of();
    private boolean sameReferences;

    /** A converter that knows nothing yet. */
    public GatewayApi() {}

    private static List<String> kinds() {
        List<String> out = new ArrayList<>(GATEWAY_KINDS);
        out.addAll(ROUTE_KINDS);
        out.addAll(List.of("serviceentries.networking.istio.io", "services", TLS_POLICIES));
        return List.copyOf(out);
    }

    /** Istio objects that mean the same as the Gateway API's. */
    public Derived convert(MeshSnapshot snapshot, MeshConfig mesh) {
        Conversion conversion = conversion(snapshot, mesh);
        List<KubeObject> istio = new ArrayList<>();
        for (GatewayConversion gateway : conversion.gateways()) {
            for (ListenerConversion listener : gateway.served()) {
                if (listener.istio() != null) {
                    istio.add(listener.istio());
                }
            }
        }
        return new Derived(
                istio, conversion.virtualServices(), conversion.policies().destinationRules());
    }

    /**
     * Everything that became of the Gateway API objects.
     *
     * @param gateways Gateways that Istio is in charge of
     * @param routes routes of all kinds
     * @param virtualServices what the routes amount to
     * @param policies policies for backends
     */
    record Conversion(
            List<GatewayConversion> gateways,
            List<RouteConversion> routes,
            List<KubeObject> virtualServices,
            BackendTlsPolicies policies) {}

    Conversion conversion(MeshSnapshot snapshot, MeshConfig mesh) {
        World world = new World(snapshot, mesh);
        if (!same(snapshot, mesh, GATEWAY_KINDS)) {
            gateways(world);
        }
        if (!same(snapshot, mesh, REFERENCE_KINDS)) {
            sameReferences = false;
        }
        List<RouteConversion> routes = routes(world);
        last = snapshot;
        lastMesh = mesh;
        return new Conversion(
                gateways,
                routes,
                writer.write(routes),
                BackendTlsPolicies.of(world, world.all(TLS_POLICIES), routes));
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged set is the same instance
    private boolean same(MeshSnapshot snapshot, MeshConfig mesh, List<String> kinds) {
        MeshSnapshot before = last;
        return before != null
                && mesh == lastMesh
                && kinds.stream().allMatch(kind -> snapshot.all(kind) == before.all(kind));
    }

    private void gateways(World world) {
        Map<String, List<KubeObject>> sets = new HashMap<>();
        for (KubeObject set : world.all("listenersets." + Grants.GROUP)) {
            ParentKey parent = ParentKey.of(set.spec().at("parentRef"), set.namespace());
            if (parent != null && parent.kind().equals("Gateway")) {
                sets.computeIfAbsent(
                                parent.namespace() + "/" + parent.name(), key -> new ArrayList<>())
                        .add(set);
            }
        }
        List<GatewayConversion> converted = new ArrayList<>();
        Map<ParentKey, List<Parent>> found = new LinkedHashMap<>();
        for (KubeObject object : world.all("gateways." + Grants.GROUP)) {
            if (!world.controller(object.spec().text("gatewayClassName")).equals(CONTROLLER)) {
                continue;
            }
            GatewayConversion gateway =
                    GatewayConversion.of(world, object, sets.getOrDefault(object.key(), List.of()));
            converted.add(gateway);
            for (ListenerConversion listener : gateway.served()) {
                Parent parent = listener.parent();
                if (parent != null) {
                    found.computeIfAbsent(parent.owner(), key -> new ArrayList<>()).add(parent);
                }
            }
        }
        gateways = List.copyOf(converted);
        if (!found.equals(parents)) {
            parents = found;
            sameReferences = false;
        }
    }

    private List<RouteConversion> routes(World world) {
        Map<KubeObject, RouteConversion> before = sameReferences ? known : Map.of();
        Map<KubeObject, RouteConversion> now = new HashMap<>();
        List<RouteConversion> out = new ArrayList<>();
        for (String kind : ROUTE_KINDS) {
            for (KubeObject route : world.all(kind)) {
                RouteConversion conversion = before.get(route);
                if (conversion == null) {
                    conversion = RouteConversion.of(world, route, parents);
                }
                now.put(route, conversion);
                out.add(conversion);
            }
        }
        known = now;
        sameReferences = true;
        return out;
    }
}
