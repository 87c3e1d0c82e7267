package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The status of a Gateway that Istio serves.
 *
 * @param model what its addresses are looked up in
 * @param now RFC 3339, for conditions that change
 * @param attached how many routes each listener took
 */
record GatewayStatus(MeshModel model, String now, Map<Parent, Integer> attached) {

    private static final String ADDRESS_TYPE = "networking.istio.io/address-type";
    private static final String INSECURE = "InsecureFrontendValidationMode";

    ObjectStatus of(GatewayConversion gateway) {
        KubeObject object = gateway.gateway();
        Set<Integer> ports = new TreeSet<>();
        for (ListenerConversion listener : gateway.served()) {
            ports.add(ListenerConversion.port(listener.listener()));
        }
        GatewayAddresses addresses =
                GatewayAddresses.of(model, object.namespace(), gateway.services(), ports);
        ObjectNode status = StatusWriting.copy(object);
        addresses(object, addresses, status);
        long sets = gateway.sets().stream().filter(ListenerSetConversion::valid).count();
        if (sets > 0) {
            status.put("attachedListenerSets", sets);
        }
        List<Condition> conditions = new ArrayList<>();
        conditions.add(accepted(gateway));
        conditions.add(StatusWriting.programmed(gateway.services(), addresses));
        ConversionError credential = gateway.credentialError();
        conditions.add(
                credential == null
                        ? new Condition(
                                "ResolvedRefs", true, "ResolvedRefs", "All references resolved")
                        : new Condition(
                                "ResolvedRefs", false, credential.reason(), credential.message()));
        boolean insecure = insecure(object);
        if (insecure) {
            conditions.add(
                    new Condition(
                            INSECURE,
                            true,
                            "ConfigurationChanged",
                            "Gateway is operating in AllowInsecureFallback mode for frontend"
                                    + " validation"));
        }
        StatusWriting.conditions(object, status, now, conditions);
        if (!insecure && object.spec().at("tls").has("frontend")) {
            ArrayNode left = status.withArray("/conditions");
            for (int i = left.size() - 1; i >= 0; i--) {
                if (left.get(i).path("type").asText().equals(INSECURE)) {
                    left.remove(i);
                }
            }
        }
        status.set(
                "listeners", StatusWriting.listeners(object, gateway.listeners(), now, attached));
        return new ObjectStatus(object, "gateways", status);
    }

    private static void addresses(
            KubeObject object, GatewayAddresses addresses, ObjectNode status) {
        List<String> reported =
                addresses.reported(object.annotations().getOrDefault(ADDRESS_TYPE, "Hostname"));
        if (reported.isEmpty()) {
            return;
        }
        ArrayNode written = status.putArray("addresses");
        for (String address : reported) {
            boolean ip = address.matches("[0-9.]+") || address.contains(":");
            written.addObject().put("type", ip ? "IPAddress" : "Hostname").put("value", address);
        }
    }

    private static boolean insecure(KubeObject gateway) {
        JsonView frontend = gateway.spec().at("tls").at("frontend");
        return insecure(frontend.at("default"))
                || frontend.list("perPort").stream().anyMatch(port -> insecure(port.at("tls")));
    }

    private static boolean insecure(JsonView tls) {
        return tls.at("validation").text("mode").equals("AllowInsecureFallback");
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
}
