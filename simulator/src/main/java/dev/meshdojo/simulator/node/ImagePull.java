package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.controller.object.Fields;
import java.time.Duration;
import java.util.function.Consumer;

/** Gets a container's image, or fails at it with growing waits. One thread at a time. */
final class ImagePull {

    private static final Duration FIRST_FAILURE = Duration.ofSeconds(10);
    private static final Duration RESYNC = Duration.ofSeconds(12);

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
            String invalid = ImageName.invalid(image);
            if (!invalid.isEmpty()) {
                String why = "Failed to apply default image tag \"" + image + "\": " + invalid;
                warning(spec, "InspectFailed", why);
                refuse(spec, "InvalidImageName", why, become);
                continue;
            }
            String refusal = services.images().refusal(image, services.options().strictImages());
            if (refusal == null) {
                announce(spec, restarts);
                return;
            }
            if (Fields.text(spec.json(), "imagePullPolicy").equals("Never")) {
                String why =
                        "Container image \""
                                + image
                                + "\" is not present with pull policy of Never";
                warning(spec, "ErrImageNeverPull", why);
                refuse(spec, "ErrImageNeverPull", why, become);
                continue;
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

    /** What cannot be mended by waiting is looked at again all the same, as the kubelet does. */
    private void refuse(
            ContainerSpec spec, String reason, String why, Consumer<ContainerState> become)
            throws InterruptedException {
        warning(spec, "Failed", "Error: " + reason);
        become.accept(new ContainerState.Waiting(reason, why));
        ContainerRuntime.pause(RESYNC);
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
