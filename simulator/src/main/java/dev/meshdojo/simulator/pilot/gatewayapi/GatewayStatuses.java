package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.gatewayapi.RouteConversion.Attachment;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The statuses that Istio gives Gateway API objects, from one model to the next. Not thread-safe.
 *
 * <p>Source: the Gateway API's conditions, with the reasons and messages of Istio.
 */
public final class GatewayStatuses {

    private final GatewayApi converter = new GatewayApi();
    private Set<RouteConversion> settled = Set.of();

    /** Statuses of a mesh that nothing is known of yet. */
    public GatewayStatuses() {}

    /**
     * The statuses that differ from those written.
     *
     * @param now RFC 3339, for conditions that change
     */
    public List<ObjectStatus> of(MeshModel model, String now) {
        GatewayApi.Conversion conversion = converter.conversion(model.snapshot(), model.mesh());
        Map<Parent, Integer> attached = attached(conversion.routes());
        List<ObjectStatus> out = new ArrayList<>();
        classes(model, now, out);
        unserved(model, now, out);
        for (GatewayConversion gateway : conversion.gateways()) {
            out.add(new GatewayStatus(model, now, attached).of(gateway));
            for (ListenerSetConversion set : gateway.sets()) {
                out.add(new ListenerSetStatus(model, now, attached).of(set));
            }
        }
        routes(conversion.routes(), now, out);
        for (BackendTlsPolicies.Policy policy : conversion.policies().policies()) {
            out.add(new PolicyStatus(policy, now).status());
        }
        out.removeIf(ObjectStatus::written);
        return out;
    }

    /** Statuses of routes; those that had nothing to write the last time have nothing now. */
    private void routes(List<RouteConversion> routes, String now, List<ObjectStatus> out) {
        Set<RouteConversion> next = Collections.newSetFromMap(new IdentityHashMap<>());
        for (RouteConversion route : routes) {
            if (settled.contains(route)) {
                next.add(route);
                continue;
            }
            ObjectStatus status = new RouteStatus(route, now).status();
            if (status.written()) {
                next.add(route);
            } else {
                out.add(status);
            }
        }
        settled = next;
    }

    /** How many routes each listener took. */
    private static Map<Parent, Integer> attached(List<RouteConversion> routes) {
        Map<Parent, Integer> out = new HashMap<>();
        for (RouteConversion route : routes) {
            Set<Parent> once = new HashSet<>();
            for (Attachment attachment : route.attachments()) {
                if (attachment.denied() == null && once.add(attachment.parent())) {
                    out.merge(attachment.parent(), 1, Integer::sum);
                }
            }
        }
        return out;
    }

    private static void classes(MeshModel model, String now, List<ObjectStatus> out) {
        for (KubeObject object : model.all("gatewayclasses." + Grants.GROUP)) {
            String controller = object.spec().text("controllerName");
            if (controller.equals(GatewayApi.CONTROLLER)
                    || controller.equals(GatewayApi.UNMANAGED)) {
                ObjectNode status = StatusWriting.copy(object);
                StatusWriting.conditions(
                        object,
                        status,
                        now,
                        List.of(
                                new Condition(
                                        "Accepted",
                                        true,
                                        "Accepted",
                                        "Handled by Istio controller")));
                out.add(new ObjectStatus(object, "gatewayclasses", status));
            }
        }
    }

    /** Gateways that somebody else serves, and ListenerSets that name one. */
    private static void unserved(MeshModel model, String now, List<ObjectStatus> out) {
        World world = new World(model.snapshot(), model.mesh());
        Map<String, KubeObject> unmanaged = new HashMap<>();
        for (KubeObject object : model.all("gateways." + Grants.GROUP)) {
            String gatewayClass = object.spec().text("gatewayClassName");
            if (world.controller(gatewayClass).equals(GatewayApi.UNMANAGED)) {
                unmanaged.put(object.key(), object);
                out.add(unmanaged(object, now));
            }
        }
        for (KubeObject set : model.all("listenersets." + Grants.GROUP)) {
            ParentKey parent = ParentKey.of(set.spec().at("parentRef"), set.namespace());
            KubeObject gateway =
                    parent != null && parent.kind().equals("Gateway")
                            ? unmanaged.get(parent.namespace() + "/" + parent.name())
                            : null;
            if (gateway != null) {
                String message =
                        "The \""
                                + gateway.spec().text("gatewayClassName")
                                + "\" GatewayClass does not support ListenerSet";
                out.add(
                        new ListenerSetStatus(model, now, Map.of())
                                .of(ListenerSetConversion.refused(set, gateway, message)));
            }
        }
    }

    private static ObjectStatus unmanaged(KubeObject object, String now) {
        ObjectNode status = StatusWriting.copy(object);
        status.set("addresses", object.spec().at("addresses").node().deepCopy());
        if (!object.spec().has("addresses")) {
            status.remove("addresses");
        }
        status.remove("listeners");
        StatusWriting.conditions(
                object,
                status,
                now,
                List.of(
                        new Condition("Accepted", true, "Accepted", "Resource accepted"),
                        new Condition(
                                "Programmed",
                                true,
                                "Programmed",
                                "This Gateway is remote; Istio will not program it")));
        return new ObjectStatus(object, "gateways", status);
    }
}
