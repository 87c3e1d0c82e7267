package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.List;
import java.util.Map;

/** Parts that statuses of Gateways and ListenerSets share. */
final class StatusWriting {

    private StatusWriting() {}

    /** The status of an object as it is, to be changed. */
    static ObjectNode copy(KubeObject object) {
        return object.raw().get("status") instanceof ObjectNode status
                ? status.deepCopy()
                : JsonNodeFactory.instance.objectNode();
    }

    /** Puts conditions into a status, over those that the object has. */
    static void conditions(
            KubeObject object, ObjectNode status, String now, List<Condition> wanted) {
        status.set(
                "conditions",
                at(object, now).over(object.view().at("status").list("conditions"), wanted));
    }

    private static Conditions at(KubeObject object, String now) {
        return new Conditions(object.view().at("metadata").integer("generation"), now);
    }

    /**
     * The entries of listeners.
     *
     * @param attached how many routes each listener took
     */
    static ArrayNode listeners(
            KubeObject object,
            List<ListenerConversion> listeners,
            String now,
            Map<Parent, Integer> attached) {
        List<JsonView> existing = object.view().at("status").list("listeners");
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConversion listener = listeners.get(i);
            ObjectNode entry = out.addObject();
            Parent parent = listener.parent();
            entry.put("name", listener.listener().text("name"))
                    .put("attachedRoutes", parent == null ? 0 : attached.getOrDefault(parent, 0));
            ArrayNode kinds = entry.putArray("supportedKinds");
            listener.supportedKinds()
                    .forEach(
                            kind -> kinds.addObject().put("group", Grants.GROUP).put("kind", kind));
            List<JsonView> old =
                    i < existing.size() ? existing.get(i).list("conditions") : List.of();
            entry.set("conditions", at(object, now).over(old, listener.conditions()));
        }
        return out;
    }

    /** Whether the data plane serves a Gateway, going by what became of its addresses. */
    static Condition programmed(List<String> services, GatewayAddresses addresses) {
        if (services.isEmpty()) {
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
}
