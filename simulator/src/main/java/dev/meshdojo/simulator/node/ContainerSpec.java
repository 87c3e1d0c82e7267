package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.List;
import java.util.Locale;

/**
 * A container of a pod's spec.
 *
 * @param init whether it stands among the init containers
 * @param restartPolicy its own policy, or the pod's
 * @param alone whether the pod has no other container beside it, so that all ports are its own
 */
record ContainerSpec(ObjectNode json, boolean init, String restartPolicy, boolean alone) {

    static ContainerSpec of(ObjectNode pod, ObjectNode json, boolean init) {
        String written = Fields.text(pod, "spec", "restartPolicy");
        String podPolicy = written.isEmpty() ? "Always" : written;
        boolean alone = Fields.objects(pod, "spec", "containers").size() == 1;
        String own = Fields.text(json, "restartPolicy");
        String inherited = init && podPolicy.equals("Always") ? "OnFailure" : podPolicy;
        return new ContainerSpec(json, init, own.isEmpty() ? inherited : own, alone);
    }

    String name() {
        return Fields.text(json, "name");
    }

    String image() {
        return Fields.text(json, "image");
    }

    /** Whether it is an init container that keeps running beside the others. */
    boolean sidecar() {
        return init && restartPolicy.equals("Always");
    }

    /** The field path by which events name it. */
    String fieldPath() {
        return (init ? "spec.initContainers{" : "spec.containers{") + name() + "}";
    }

    List<String> command() {
        return Fields.texts(json, "command");
    }

    List<String> args() {
        return Fields.texts(json, "args");
    }

    /** The declared TCP ports. */
    List<Integer> ports() {
        return Fields.objects(json, "ports").stream()
                .filter(port -> !Fields.text(port, "protocol").equals("UDP"))
                .map(port -> Fields.number(port, "containerPort"))
                .toList();
    }

    /** The number of a port that is given by number or name; 0 when it has none. */
    int port(JsonNode port) {
        if (port.isInt()) {
            return port.asInt();
        }
        for (ObjectNode declared : Fields.objects(json, "ports")) {
            if (Fields.text(declared, "name").equals(port.asText())) {
                return Fields.number(declared, "containerPort");
            }
        }
        return port.asText().matches("\\d+") ? Integer.parseInt(port.asText()) : 0;
    }

    /** The pull policy, as defaulted by the API server. */
    boolean pullsAlways() {
        return Fields.text(json, "imagePullPolicy").toLowerCase(Locale.ROOT).equals("always");
    }
}
