package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import dev.meshdojo.simulator.pilot.model.Derived;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import java.util.ArrayList;
import java.util.List;

/** Converts the Gateway API objects of a snapshot. Pure. */
public final class GatewayApi {

    /** The controller that Istio's gateway class names. */
    public static final String CONTROLLER = "istio.io/gateway-controller";

    /** The kinds, by {@code plural.group}, that conversion reads. */
    public static final List<String> KINDS =
            List.of(
                    "gatewayclasses." + Grants.GROUP,
                    "gateways." + Grants.GROUP,
                    "httproutes." + Grants.GROUP,
                    "grpcroutes." + Grants.GROUP,
                    "tlsroutes." + Grants.GROUP,
                    "tcproutes." + Grants.GROUP,
                    "referencegrants." + Grants.GROUP,
                    "serviceentries.networking.istio.io",
                    "services",
                    "secrets",
                    "configmaps",
                    "namespaces");

    private static final List<String> HTTP_KINDS = List.of("httproutes", "grpcroutes");
    private static final List<String> OPAQUE_KINDS = List.of("tlsroutes", "tcproutes");

    private GatewayApi() {}

    /** Istio Gateways and VirtualServices that mean the same. */
    public static Derived convert(MeshSnapshot snapshot, MeshConfig mesh) {
        Conversion conversion = conversion(snapshot, mesh);
        List<KubeObject> gateways = new ArrayList<>();
        for (GatewayConversion gateway : conversion.gateways()) {
            for (ListenerConversion listener : gateway.listeners()) {
                if (listener.istio() != null) {
                    gateways.add(listener.istio());
                }
            }
        }
        return new Derived(gateways, conversion.virtualServices());
    }

    /**
     * Everything that became of the Gateway API objects.
     *
     * @param gateways Gateways that Istio is in charge of
     * @param routes routes of all kinds
     * @param virtualServices what the routes amount to
     */
    record Conversion(
            List<GatewayConversion> gateways,
            List<RouteConversion> routes,
            List<KubeObject> virtualServices) {}

    static Conversion conversion(MeshSnapshot snapshot, MeshConfig mesh) {
        World world = new World(snapshot, mesh);
        List<GatewayConversion> gateways = new ArrayList<>();
        List<Parent> parents = new ArrayList<>();
        for (KubeObject object : world.all("gateways." + Grants.GROUP)) {
            GatewayConversion gateway = GatewayConversion.of(world, object);
            if (gateway != null) {
                gateways.add(gateway);
                for (ListenerConversion listener : gateway.listeners()) {
                    if (listener.parent() != null) {
                        parents.add(listener.parent());
                    }
                }
            }
        }
        List<RouteConversion> routes = new ArrayList<>();
        VirtualServiceWriter writer = new VirtualServiceWriter(world);
        for (String kind : HTTP_KINDS) {
            for (KubeObject route : world.all(kind + "." + Grants.GROUP)) {
                RuleConversion.Result rules = new RuleConversion(world, route).convert();
                RouteConversion conversion =
                        new RouteConversion(
                                route, RouteConversion.attach(route, parents), rules.error());
                routes.add(conversion);
                writer.addHttp(conversion, rules.rules());
            }
        }
        for (String kind : OPAQUE_KINDS) {
            for (KubeObject route : world.all(kind + "." + Grants.GROUP)) {
                RouteConversion conversion =
                        new RouteConversion(
                                route,
                                RouteConversion.attach(route, parents),
                                opaqueError(world, route));
                routes.add(conversion);
                writer.addOpaque(conversion);
            }
        }
        return new Conversion(gateways, routes, writer.write());
    }

    private static @org.jspecify.annotations.Nullable ConversionError opaqueError(
            World world, KubeObject route) {
        Backends backends = new Backends(world, route.kind(), route.namespace());
        for (var rule : route.spec().list("rules")) {
            ConversionError error = backends.destinations(rule.list("backendRefs")).error();
            if (error != null) {
                return error;
            }
        }
        return null;
    }
}
