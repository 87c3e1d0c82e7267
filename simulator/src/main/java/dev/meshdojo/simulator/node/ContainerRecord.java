package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's status tells of a container that ran before the node was started: a restored cluster
 * goes on from there. Empty for a new pod.
 *
 * @param restarts how often it was restarted
 * @param ended how it ended, or null when it did not
 * @param lastEnded how the run before ended, or null
 */
record ContainerRecord(
        int restarts,
        ContainerState.@Nullable Terminated ended,
        ContainerState.@Nullable Terminated lastEnded) {

    /** Reads the record of a container. */
    static ContainerRecord of(ObjectNode pod, ContainerSpec spec) {
        for (ObjectNode status : Fields.objects(pod, "status", spec.role().statuses())) {
            if (Fields.text(status, "name").equals(spec.name())) {
                return new ContainerRecord(
                        Fields.number(status, "restartCount"),
                        terminated(status.path("state").path("terminated")),
                        terminated(status.path("lastState").path("terminated")));
            }
        }
        return new ContainerRecord(0, null, null);
    }

    private static ContainerState.@Nullable Terminated terminated(JsonNode state) {
        return state.isObject()
                ? new ContainerState.Terminated(
                        Fields.number(state, "exitCode"),
                        Fields.text(state, "reason"),
                        Fields.text(state, "message"),
                        Fields.text(state, "containerID"),
                        Meta.instant(Fields.text(state, "startedAt")),
                        Meta.instant(Fields.text(state, "finishedAt")))
                : null;
    }
}
