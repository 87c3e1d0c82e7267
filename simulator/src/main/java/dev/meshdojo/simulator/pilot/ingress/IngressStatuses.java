package dev.meshdojo.simulator.pilot.ingress;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectStatus;
import java.util.ArrayList;
import java.util.List;

/** The statuses of Ingresses that Istio serves: where the ingress gateway is reached. Pure. */
public final class IngressStatuses {

    private IngressStatuses() {}

    /** The statuses that differ from those written. */
    public static List<ObjectStatus> of(MeshModel model) {
        List<KubeObject> served = Ingresses.served(model.snapshot(), model.mesh());
        if (served.isEmpty()) {
            return List.of();
        }
        List<String> addresses = addresses(model);
        List<ObjectStatus> out = new ArrayList<>();
        for (KubeObject ingress : served) {
            ObjectNode status = JsonNodeFactory.instance.objectNode();
            ObjectNode balancer = status.putObject("loadBalancer");
            if (!addresses.isEmpty()) {
                ArrayNode written = balancer.putArray("ingress");
                for (String address : addresses) {
                    boolean ip = address.matches("[0-9.]+") || address.contains(":");
                    written.addObject().put(ip ? "ip" : "hostname", address);
                }
            }
            ObjectStatus next = new ObjectStatus(ingress, "ingresses", status);
            boolean nothing =
                    addresses.isEmpty()
                            && ingress.view()
                                    .at("status")
                                    .at("loadBalancer")
                                    .list("ingress")
                                    .isEmpty();
            if (!nothing && !next.written()) {
                out.add(next);
            }
        }
        return out;
    }

    private static List<String> addresses(MeshModel model) {
        KubeObject service =
                model.objects("services").find("istio-system", model.mesh().ingressService());
        if (service == null) {
            return List.of();
        }
        if (service.spec().text("type").equals("ExternalName")) {
            return List.of(service.spec().text("externalName"));
        }
        List<String> out = new ArrayList<>();
        for (JsonView ingress : service.view().at("status").at("loadBalancer").list("ingress")) {
            out.add(ingress.text("ip").isEmpty() ? ingress.text("hostname") : ingress.text("ip"));
        }
        out.addAll(service.spec().texts("externalIPs"));
        return out;
    }
}
