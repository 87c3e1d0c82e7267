package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/** What the state of a pod means to controllers. */
public final class Pods {

    private Pods() {}

    /** The pod's phase; {@code Pending} when it has none yet. */
    public static String phase(JsonNode pod) {
        String phase = Fields.text(pod, "status", "phase");
        return phase.isEmpty() ? "Pending" : phase;
    }

    /** Whether the pod ended by itself, well or not. */
    public static boolean finished(JsonNode pod) {
        String phase = phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Whether the pod counts towards a controller's replicas. */
    public static boolean active(JsonNode pod) {
        return !finished(pod) && !Meta.deleting(pod);
    }

    /** Whether the pod is on its way out. */
    public static boolean terminating(JsonNode pod) {
        return !finished(pod) && Meta.deleting(pod);
    }

    /** Whether the Ready condition is true. */
    public static boolean ready(JsonNode pod) {
        return Fields.text(Conditions.find(pod, "Ready"), "status").equals("True");
    }

    /** Since when the pod is ready; the epoch when unknown. */
    public static Instant readySince(JsonNode pod) {
        return Meta.instant(Fields.text(Conditions.find(pod, "Ready"), "lastTransitionTime"));
    }

    /** Whether the pod has been ready for {@code minReadySeconds}. */
    public static boolean available(JsonNode pod, int minReadySeconds, Instant now) {
        if (!ready(pod)) {
            return false;
        }
        return minReadySeconds == 0
                || !readySince(pod).plus(Duration.ofSeconds(minReadySeconds)).isAfter(now);
    }

    /** Whether a node was chosen. */
    public static boolean scheduled(JsonNode pod) {
        return !Fields.text(pod, "spec", "nodeName").isEmpty();
    }

    /** The restarts of the container that restarted most. */
    public static int restarts(ObjectNode pod) {
        return Fields.objects(pod, "status", "containerStatuses").stream()
                .mapToInt(status -> Fields.number(status, "restartCount"))
                .max()
                .orElse(0);
    }
}
