package dev.meshdojo.simulator.istio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.istio.InstallTarget.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Why the pods of a Deployment are not ready, as istioctl adds it to a time-out. */
final class PodTrouble {

    private static final Kind PODS = new Kind("", "v1", "Pod", "pods", true);

    private PodTrouble() {}

    /** {@code (reason)}, or empty when nothing is known. */
    static String of(InstallTarget target, ObjectNode deployment) {
        String selector =
                deployment.path("spec").path("selector").path("matchLabels").properties().stream()
                        .map(PodTrouble::term)
                        .collect(Collectors.joining(","));
        String namespace = deployment.path("metadata").path("namespace").asText();
        List<ObjectNode> pods =
                target.list(PODS, selector).stream()
                        .filter(
                                p ->
                                        p.path("metadata")
                                                .path("namespace")
                                                .asText()
                                                .equals(namespace))
                        .sorted(
                                Comparator.<ObjectNode, String>comparing(
                                                p ->
                                                        p.path("metadata")
                                                                .path("creationTimestamp")
                                                                .asText())
                                        .reversed())
                        .toList();
        for (ObjectNode pod : pods) {
            for (JsonNode container : pod.path("status").path("containerStatuses")) {
                JsonNode waiting = container.path("state").path("waiting");
                if (waiting.isObject()) {
                    return " (container failed to start: %s: %s)"
                            .formatted(
                                    waiting.path("reason").asText(),
                                    waiting.path("message").asText());
                }
            }
            for (JsonNode condition : pod.path("status").path("conditions")) {
                boolean unready =
                        condition.path("type").asText().equals("Ready")
                                && condition.path("status").asText().equals("False");
                if (unready && !condition.path("message").asText().isEmpty()) {
                    return " (" + condition.path("message").asText() + ")";
                }
            }
        }
        return "";
    }

    private static String term(Map.Entry<String, JsonNode> label) {
        return label.getKey() + "=" + label.getValue().asText();
    }
}
