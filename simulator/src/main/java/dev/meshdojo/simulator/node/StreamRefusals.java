package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import org.jspecify.annotations.Nullable;

/** Refusals of the kubelet, in its words. */
final class StreamRefusals {

    private StreamRefusals() {}

    static ApiException podNotFound(PodName pod) {
        return Statuses.notFound("", "pods", pod.name());
    }

    static ApiException noPrevious(PodName pod, String container) {
        return Statuses.failure(
                400,
                "BadRequest",
                "previous terminated container \""
                        + container
                        + "\" in pod \""
                        + pod.name()
                        + "\" not found",
                null);
    }

    /**
     * @param state null before the container is created
     */
    static ApiException waitingToStart(
            PodName pod, String container, @Nullable ContainerState state) {
        String why =
                state instanceof ContainerState.Waiting waiting
                        ? switch (waiting.reason()) {
                            case "ErrImagePull" -> "image can't be pulled";
                            case "ImagePullBackOff" -> "trying and failing to pull image";
                            default -> waiting.reason();
                        }
                        : "ContainerCreating";
        return Statuses.failure(
                400,
                "BadRequest",
                "container \""
                        + container
                        + "\" in pod \""
                        + pod.name()
                        + "\" is waiting to start: "
                        + why,
                null);
    }

    static ApiException cannotExec(String container) {
        return refused("container not found (\"" + container + "\")");
    }

    static ApiException cannotAttach(PodName pod, String container) {
        return refused(
                "container "
                        + container
                        + " not found in pod "
                        + pod.name()
                        + "_"
                        + pod.namespace());
    }

    private static ApiException refused(String why) {
        return Statuses.failure(500, "InternalError", "unable to upgrade connection: " + why, null);
    }
}
