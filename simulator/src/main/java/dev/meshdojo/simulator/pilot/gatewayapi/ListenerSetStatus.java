package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The status of a ListenerSet.
 *
 * @param model what addresses are looked up in
 * @param now RFC 3339, for conditions that change
 * @param attached how many routes each listener took
 */
record ListenerSetStatus(MeshModel model, String now, Map<Parent, Integer> attached) {

    private static final String PLURAL = "listenersets";

    ObjectStatus of(ListenerSetConversion set) {
        KubeObject object = set.set();
        ObjectNode status = StatusWriting.copy(object);
        String refusal = set.refusal();
        if (refusal != null) {
            status.remove("listeners");
            StatusWriting.conditions(
                    object,
                    status,
                    now,
                    List.of(
                            new Condition("Accepted", false, "NotAllowed", refusal),
                            new Condition("Programmed", false, "NotAllowed", refusal)));
            return new ObjectStatus(object, PLURAL, status);
        }
        Set<Integer> ports = new TreeSet<>();
        for (ListenerConversion listener : set.listeners()) {
            if (listener.parent() != null) {
                ports.add(ListenerConversion.port(listener.listener()));
            }
        }
        GatewayAddresses addresses =
                GatewayAddresses.of(model, set.gateway().namespace(), set.services(), ports);
        ConversionError error = set.error();
        boolean hopeless = set.services().isEmpty() && error != null;
        boolean valid = hopeless || set.valid();
        String none = "None of the ListenerSet's listeners are valid";
        Condition accepted =
                error != null
                        ? new Condition(
                                "Accepted",
                                false,
                                error.reason(),
                                "Parent not accepted: " + error.message())
                        : valid
                                ? new Condition("Accepted", true, "Accepted", "Resource accepted")
                                : new Condition("Accepted", false, "ListenersNotValid", none);
        Condition programmed =
                valid
                        ? StatusWriting.programmed(set.services(), addresses)
                        : new Condition("Programmed", false, "ListenersNotValid", none);
        StatusWriting.conditions(object, status, now, List.of(accepted, programmed));
        if (!hopeless) {
            status.set(
                    "listeners", StatusWriting.listeners(object, set.listeners(), now, attached));
        }
        return new ObjectStatus(object, PLURAL, status);
    }
}
