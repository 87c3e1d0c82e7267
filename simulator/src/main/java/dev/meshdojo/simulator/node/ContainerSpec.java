package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.List;
import java.util.Locale;

/**
 * A container of a pod's spec.
 *
 * @param role which list of the spec it stands in
 * @param restartPolicy its own policy, or the pod's
 * @param alone whether the pod has no other container beside it, so that all ports are its own
 */
record ContainerSpec(ObjectNode json, Role role, String restartPolicy, boolean alone) {

    /** The lists of a pod's spec that hold containers. */
    enum Role {
        INIT("initContainers", "initContainerStatuses"),
        MAIN("containers", "containerStatuses"),
        EPHEMERAL("ephemeralContainers", "ephemeralContainerStatuses");

        private final String field;
        private final String statuses;

        Role(String field, String statuses) {
            this.field = field;
            this.statuses = statuses;
        }

        /** The field of the spec. */
        String field() {
            return field;
        }

        /** The field of the status. */
        String statuses() {
            return statuses;
        }
    }

    static ContainerSpec of(ObjectNode pod, ObjectNode json, Role role) {
        String written = Fields.text(pod, "spec", "restartPolicy");
        String podPolicy = written.isEmpty() ? "Always" : written;
        boolean alone = Fields.objects(pod, "spec", "containers").size() == 1;
        String own = Fields.text(json, "restartPolicy");
        String inherited =
                switch (role) {
                    case INIT -> podPolicy.equals("Always") ? "OnFailure" : podPolicy;
                    case MAIN -> podPolicy;
                    case EPHEMERAL -> "Never";
                };
        return new ContainerSpec(json, role, own.isEmpty() ? inherited : own, alone);
    }

    boolean init() {
        return role == Role.INIT;
    }

    String name() {
        return Fields.text(json, "name");
    }

    String image() {
        return Fields.text(json, "image");
    }

    /** Whether it is an init container that keeps running beside the others. */
    boolean sidecar() {
        return init() && restartPolicy.equals("Always");
    }

    /** The field path by which events name it. */
    String fieldPath() {
        return "spec." + role.field() + "{" + name() + "}";
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
