package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that Istio gives Gateway API objects. Pure.
 *
 * <p>Source: the Gateway API's conditions, with the reasons and messages of Istio.
 */
public final class GatewayStatuses {

    private static final String ADDRESS_TYPE = "networking.istio.io/address-type";
    private static final String UNMANAGED = "istio.io/unmanaged-gateway";

    private final MeshModel model;
    private final String now;
    private final GatewayApi.Conversion conversion;

    private GatewayStatuses(MeshModel model, String now) {
        this.model = model;
        this.now = now;
        this.conversion = GatewayApi.conversion(model.snapshot(), model.mesh());
    }

    /**
     * The statuses that differ from those written.
     *
     * @param now RFC 3339, for conditions that change
     */
    public static List<ObjectStatus> of(MeshModel model, String now) {
        GatewayStatuses statuses = new GatewayStatuses(model, now);
        List<ObjectStatus> out = new ArrayList<>();
        statuses.classes(out);
        statuses.unmanaged(out);
        for (GatewayConversion gateway : statuses.conversion.gateways()) {
            out.add(statuses.gateway(gateway));
        }
        for (RouteConversion route : statuses.conversion.routes()) {
            out.add(new RouteStatus(route, now).status());
        }
        out.removeIf(ObjectStatus::written);
        return out;
    }

    private void classes(List<ObjectStatus> out) {
        for (KubeObject object : model.all("gatewayclasses." + Grants.GROUP)) {
            String controller = object.spec().text("controllerName");
            if (controller.equals(GatewayApi.CONTROLLER) || controller.equals(UNMANAGED)) {
                ObjectNode status = copy(object);
                conditions(
                        object,
                        status,
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

    private void unmanaged(List<ObjectStatus> out) {
        World world = new World(model.snapshot(), model.mesh());
        for (KubeObject object : model.all("gateways." + Grants.GROUP)) {
            if (!world.controller(object.spec().text("gatewayClassName")).equals(UNMANAGED)) {
                continue;
            }
            ObjectNode status = copy(object);
            status.set("addresses", object.spec().at("addresses").node().deepCopy());
            if (!object.spec().has("addresses")) {
                status.remove("addresses");
            }
            status.remove("listeners");
            conditions(
                    object,
                    status,
                    List.of(
                            new Condition("Accepted", true, "Accepted", "Resource accepted"),
                            new Condition(
                                    "Programmed",
                                    true,
                                    "Programmed",
                                    "This Gateway is remote; Istio will not program it")));
            out.add(new ObjectStatus(object, "gateways", status));
        }
    }

    private ObjectStatus gateway(GatewayConversion gateway) {
        KubeObject object = gateway.gateway();
        Set<Integer> ports = new TreeSet<>();
        for (ListenerConversion listener : gateway.listeners()) {
            if (listener.parent() != null) {
                ports.add(listener.listener().integer("port"));
            }
        }
        GatewayAddresses addresses =
                GatewayAddresses.of(model, object.namespace(), gateway.services(), ports);
        ObjectNode status = copy(object);
        List<String> reported =
                addresses.reported(object.annotations().getOrDefault(ADDRESS_TYPE, "Hostname"));
        if (!reported.isEmpty()) {
            ArrayNode written = status.putArray("addresses");
            for (String address : reported) {
                boolean ip = address.matches("[0-9.]+") || address.contains(":");
                written.addObject()
                        .put("type", ip ? "IPAddress" : "Hostname")
                        .put("value", address);
            }
        }
        conditions(
                object,
                status,
                List.of(
                        accepted(gateway),
                        programmed(gateway, addresses),
                        new Condition(
                                "ResolvedRefs", true, "ResolvedRefs", "All references resolved")));
        listeners(gateway, status);
        return new ObjectStatus(object, "gateways", status);
    }

    private static Condition accepted(GatewayConversion gateway) {
        ConversionError error = gateway.error();
        if (error != null) {
            return new Condition("Accepted", false, error.reason(), error.message());
        }
        int all = gateway.gateway().spec().list("listeners").size();
        long valid = gateway.listeners().stream().filter(ListenerConversion::programmed).count();
        if (all > 0 && valid == 0) {
            return new Condition(
                    "Accepted",
                    false,
                    "ListenersNotValid",
                    "None of the Gateway's listeners are valid");
        }
        return valid < all
                ? new Condition(
                        "Accepted",
                        true,
                        "ListenersNotValid",
                        "One or more of the Gateway's listeners are invalid")
                : new Condition("Accepted", true, "Accepted", "Resource accepted");
    }

    private static Condition programmed(GatewayConversion gateway, GatewayAddresses addresses) {
        if (gateway.services().isEmpty()) {
            return new Condition(
                    "Programmed",
                    false,
                    "UnsupportedAddress",
                    "Failed to assign to any requested addresses");
        }
        String assigned = joined(addresses.internal());
        if (addresses.warnings().isEmpty()) {
            return new Condition(
                    "Programmed",
                    true,
                    "Programmed",
                    assigned.isEmpty()
                            ? "Resource programmed"
                            : "Resource programmed, assigned to service(s) " + assigned);
        }
        String warnings = String.join("; ", addresses.warnings());
        return new Condition(
                "Programmed",
                false,
                addresses.usable() ? "AddressNotAssigned" : "AddressNotUsable",
                assigned.isEmpty()
                        ? "Failed to assign to any requested addresses: " + warnings
                        : "Assigned to service(s) "
                                + assigned
                                + ", but failed to assign to all requested addresses: "
                                + warnings);
    }

    private static String joined(List<String> names) {
        return switch (names.size()) {
            case 0 -> "";
            case 1 -> names.getFirst();
            case 2 -> names.getFirst() + " and " + names.getLast();
            default ->
                    String.join(", ", names.subList(0, names.size() - 1))
                            + ", and "
                            + names.getLast();
        };
    }

    private void listeners(GatewayConversion gateway, ObjectNode status) {
        KubeObject object = gateway.gateway();
        List<JsonView> existing = object.view().at("status").list("listeners");
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (ListenerConversion listener : gateway.listeners()) {
            String name = listener.listener().text("name");
            ObjectNode entry = out.addObject();
            entry.put("name", name).put("attachedRoutes", attached(listener.parent()));
            ArrayNode kinds = entry.putArray("supportedKinds");
            listener.supportedKinds()
                    .forEach(
                            kind -> kinds.addObject().put("group", Grants.GROUP).put("kind", kind));
            List<JsonView> old =
                    existing.stream()
                            .filter(known -> known.text("name").equals(name))
                            .findFirst()
                            .map(known -> known.list("conditions"))
                            .orElse(List.of());
            entry.set("conditions", at(object).over(old, listener.conditions()));
        }
        status.set("listeners", out);
    }

    private long attached(@Nullable Parent parent) {
        if (parent == null) {
            return 0;
        }
        return conversion.routes().stream()
                .filter(
                        route ->
                                route.accepted().stream()
                                        .anyMatch(attachment -> attachment.parent().equals(parent)))
                .count();
    }

    private void conditions(KubeObject object, ObjectNode status, List<Condition> wanted) {
        status.set(
                "conditions",
                at(object).over(object.view().at("status").list("conditions"), wanted));
    }

    private Conditions at(KubeObject object) {
        return new Conditions(object.view().at("metadata").integer("generation"), now);
    }

    private static ObjectNode copy(KubeObject object) {
        return object.raw().get("status") instanceof ObjectNode status
                ? status.deepCopy()
                : JsonNodeFactory.instance.objectNode();
    }
}
