package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A pod, or the template of one, as controls look at it.
 *
 * @param metadata of the pod
 * @param spec of the pod
 */
record PodView(JsonNode metadata, JsonNode spec) {

    private static final List<String> LISTS =
            List.of("initContainers", "containers", "ephemeralContainers");

    /** A pod, or anything else with {@code metadata} and {@code spec}. */
    static PodView of(JsonNode pod) {
        return new PodView(pod.path("metadata"), pod.path("spec"));
    }

    /** All containers: those for the start, the others, those for debugging. */
    List<JsonNode> containers() {
        List<JsonNode> all = new ArrayList<>();
        LISTS.forEach(list -> spec.path(list).forEach(all::add));
        return all;
    }

    /** The names of the containers of which something holds. */
    List<String> containers(Predicate<JsonNode> test) {
        return containers().stream()
                .filter(test)
                .map(container -> container.path("name").asText())
                .toList();
    }

    /** The pod's security context; missing when there is none. */
    JsonNode context() {
        return spec.path("securityContext");
    }

    /** A container's security context; missing when there is none. */
    static JsonNode context(JsonNode container) {
        return container.path("securityContext");
    }

    boolean windows() {
        return spec.path("os").path("name").asText().equals("windows");
    }

    /** Whether the pod has a user namespace of its own, so that its root is no one outside. */
    boolean ownUsers() {
        return spec.path("hostUsers").isBoolean() && !spec.path("hostUsers").asBoolean();
    }
}
