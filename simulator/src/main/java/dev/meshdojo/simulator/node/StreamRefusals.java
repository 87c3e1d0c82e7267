package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import dev.meshdojo.simulator.controller.object.Fields;

/** Refusals of the kubelet, in its words. */
final class StreamRefusals {

    private StreamRefusals() {}

    static ApiException podNotFound(PodName pod) {
        return refusal(404, "NotFound", "pods \"" + pod.name() + "\" not found");
    }

    static ApiException containerNotFound(PodName pod, String container) {
        return refusal(
                400,
                "BadRequest",
                "container " + container + " is not valid for pod " + pod.name());
    }

    static ApiException noPrevious(PodName pod, String container) {
        return refusal(
                400,
                "BadRequest",
                "previous terminated container \""
                        + container
                        + "\" in pod \""
                        + pod.name()
                        + "\" not found");
    }

    static ApiException waitingToStart(PodName pod, String container, ContainerState state) {
        String why =
                state instanceof ContainerState.Waiting waiting
                        ? switch (waiting.reason()) {
                            case "ErrImagePull" -> "image can't be pulled";
                            case "ImagePullBackOff" -> "trying and failing to pull image";
                            default -> waiting.reason();
                        }
                        : "ContainerCreating";
        return refusal(
                400,
                "BadRequest",
                "container \""
                        + container
                        + "\" in pod \""
                        + pod.name()
                        + "\" is waiting to start: "
                        + why);
    }

    static ApiException notRunning(PodName pod, String container) {
        return refusal(
                500,
                "InternalError",
                "unable to upgrade connection: container not found (\"" + container + "\")");
    }

    private static ApiException refusal(int code, String reason, String message) {
        ObjectNode status = Fields.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure")
                .put("message", message)
                .put("reason", reason)
                .put("code", code);
        return new ApiException(code, reason, message, status);
    }
}
