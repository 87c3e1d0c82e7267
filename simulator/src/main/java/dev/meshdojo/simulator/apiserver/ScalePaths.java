package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Where a custom kind keeps what its scale subresource shows. Immutable.
 *
 * @param specReplicas such as {@code .spec.replicas}
 * @param statusReplicas such as {@code .status.replicas}
 * @param selector such as {@code .status.selector}, whose value is a selector's text; may be empty
 */
public record ScalePaths(String specReplicas, String statusReplicas, String selector) {

    /** The value at a path; missing when there is none. */
    public static JsonNode read(JsonNode object, String path) {
        if (path.isEmpty()) {
            return MissingNode.getInstance();
        }
        JsonNode at = object;
        for (String step : steps(path)) {
            at = at.path(step);
        }
        return at;
    }

    /** Sets the wanted number of replicas. */
    public void write(ObjectNode object, int replicas) {
        List<String> steps = steps(specReplicas);
        ObjectNode at = object;
        for (String step : steps.subList(0, steps.size() - 1)) {
            at = at.get(step) instanceof ObjectNode next ? next : at.putObject(step);
        }
        at.put(steps.getLast(), replicas);
    }

    private static List<String> steps(String path) {
        return List.of(path.substring(1).split("\\."));
    }
}
