package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Who sets something in a security context that must not be set: the pod, containers, or both. */
final class Setters {

    private Setters() {}

    /**
     * {@code pod and containers "a", "b"}, in parts.
     *
     * @param bad whether a security context sets it; called for the pod first
     */
    static List<String> of(PodView pod, Predicate<JsonNode> bad) {
        List<String> setters = new ArrayList<>();
        if (bad.test(pod.context())) {
            setters.add("pod");
        }
        List<String> names = pod.containers(container -> bad.test(PodView.context(container)));
        if (!names.isEmpty()) {
            setters.add(Violation.containers(names));
        }
        return setters;
    }

    static String joined(List<String> setters) {
        return String.join(" and ", setters);
    }
}
