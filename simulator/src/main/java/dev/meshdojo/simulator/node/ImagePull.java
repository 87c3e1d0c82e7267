package dev.meshdojo.simulator.node;

import java.time.Duration;
import java.util.function.Consumer;

/** Gets a container's image, or fails at it with growing waits. One thread at a time. */
final class ImagePull {

    private static final Duration FIRST_FAILURE = Duration.ofSeconds(5);

    private final PodSandbox sandbox;
    private final KubeletServices services;
    private final RestartBackoff backoff = new RestartBackoff();

    ImagePull(PodSandbox sandbox) {
        this.sandbox = sandbox;
        this.services = sandbox.services();
    }

    /**
     * Returns once the image is there.
     *
     * @param restarts how often the container was restarted; only its first start may pull
     * @param become takes the state of a container whose image is not there
     */
    void pull(ContainerSpec spec, int restarts, Consumer<ContainerState> become)
            throws InterruptedException {
        String image = spec.image();
        while (true) {
            String refusal = services.images().refusal(image, services.options().strictImages());
            if (refusal == null) {
                announce(spec, restarts);
                return;
            }
            normal(spec, "Pulling", "Pulling image \"" + image + "\"");
            warning(spec, "Failed", "Failed to pull image \"" + image + "\": " + refusal);
            warning(spec, "Failed", "Error: ErrImagePull");
            become.accept(new ContainerState.Waiting("ErrImagePull", refusal));
            ContainerRuntime.pause(FIRST_FAILURE);
            normal(spec, "BackOff", "Back-off pulling image \"" + image + "\"");
            warning(spec, "Failed", "Error: ImagePullBackOff");
            become.accept(
                    new ContainerState.Waiting(
                            "ImagePullBackOff",
                            "Back-off pulling image \"" + image + "\": ErrImagePull: " + refusal));
            ContainerRuntime.pause(backoff.after(services.now()));
        }
    }

    private void announce(ContainerSpec spec, int restarts) throws InterruptedException {
        String image = spec.image();
        Duration pull = services.options().pace().pull();
        if (!spec.pullsAlways() && (restarts > 0 || pull.isZero())) {
            normal(
                    spec,
                    "Pulled",
                    "Container image \""
                            + image
                            + "\" already present on machine and can be accessed by the pod");
            return;
        }
        normal(spec, "Pulling", "Pulling image \"" + image + "\"");
        ContainerRuntime.pause(pull);
        String took = pull.isZero() ? "1ms" : pull.toMillis() + "ms";
        normal(
                spec,
                "Pulled",
                "Successfully pulled image \""
                        + image
                        + "\" in "
                        + took
                        + " ("
                        + took
                        + " including waiting). Image size: "
                        + Ids.imageSize(image)
                        + " bytes.");
    }

    private void normal(ContainerSpec spec, String reason, String message) {
        services.events().normal(sandbox.pod(), spec.fieldPath(), reason, message);
    }

    private void warning(ContainerSpec spec, String reason, String message) {
        services.events().warning(sandbox.pod(), spec.fieldPath(), reason, message);
    }
}
