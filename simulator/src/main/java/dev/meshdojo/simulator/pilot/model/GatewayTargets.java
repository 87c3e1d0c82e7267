package dev.meshdojo.simulator.pilot.model;

import dev.meshdojo.simulator.pilot.ProxyIdentity;
import java.util.ArrayList;
import java.util.List;

/** The Service ports in front of a proxy, which say where it listens. */
public final class GatewayTargets {

    private GatewayTargets() {}

    /** Ports of the Services that select the proxy's pod, oldest Service first. */
    public static List<MergedGateway.Target> of(MeshModel model, ProxyIdentity proxy) {
        List<MergedGateway.Target> out = new ArrayList<>();
        for (Service service : model.services()) {
            if (service.registry() != Service.Registry.KUBERNETES
                    || !service.namespace().equals(proxy.namespace())
                    || service.selector().isEmpty()
                    || !proxy.labels().entrySet().containsAll(service.selector().entrySet())) {
                continue;
            }
            JsonView written = written(model, service);
            for (JsonView port : written.list("ports")) {
                out.add(
                        new MergedGateway.Target(
                                service, port.integer("port"), targetPort(model, proxy, port)));
            }
        }
        return out;
    }

    private static JsonView written(MeshModel model, Service service) {
        KubeObject object = model.objects("services").find(service.namespace(), service.name());
        return object == null ? JsonView.ABSENT : object.spec();
    }

    private static int targetPort(MeshModel model, ProxyIdentity proxy, JsonView port) {
        JsonView target = port.at("targetPort");
        if (!target.present()) {
            return port.integer("port");
        }
        if (target.node().isNumber()) {
            return target.node().asInt();
        }
        String name = target.asText();
        KubeObject pod = model.objects("pods").find(proxy.namespace(), proxy.pod());
        if (pod != null) {
            for (JsonView container : pod.spec().list("containers")) {
                for (JsonView exposed : container.list("ports")) {
                    if (exposed.text("name").equals(name)) {
                        return exposed.integer("containerPort");
                    }
                }
            }
        }
        return port.integer("port");
    }
}
