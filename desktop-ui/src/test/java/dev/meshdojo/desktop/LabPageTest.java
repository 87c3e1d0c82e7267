package dev.meshdojo.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.meshdojo.desktop.bridge.LabBridge;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabLoader;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.layout.Pane;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The lab page in a window without a screen: JavaFX's headless platform, software rendering. */
class LabPageTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private @Nullable Stage stage;
    private @Nullable LabBridge bridge;

    @BeforeEach
    void open() throws Exception {
        Lab lab = new LabLoader(Path.of("..")).load("03");
        CompletableFuture<Void> started = new CompletableFuture<>();
        try {
            Platform.startup(() -> started.complete(null));
        } catch (IllegalStateException alreadyRuns) {
            Platform.runLater(() -> started.complete(null));
        }
        Platform.setImplicitExit(false);
        started.get();
        bridge =
                onFx(
                        () -> {
                            stage = new Stage();
                            return MeshDojoApp.show(stage, lab, LoadBalancer.NONE);
                        });
    }

    @AfterEach
    void close() throws Exception {
        if (bridge != null) {
            bridge.close();
        }
        onFx(
                () -> {
                    if (stage != null) {
                        stage.close();
                    }
                    return true;
                });
    }

    @Test
    @DisplayName("The first step's command runs at a click, and its output is shown")
    void runsTheFirstStep() throws Exception {
        await("a cluster that is ready")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(onFx(() -> node("run-1").isDisabled())).isFalse());
        onFx(
                () -> {
                    ((Button) node("run-1")).fire();
                    return true;
                });
        await("the command's output")
                .atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(onFx(() -> ((Labeled) node("output-1")).getText()))
                                        .contains("istio-ingressgateway")
                                        .contains("<pending>"));
        onFx(
                () -> {
                    ((Button) node("check")).fire();
                    return true;
                });
        await("the step's checks")
                .atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(onFx(() -> ((Pane) node("checks")).getChildren().size()))
                                        .isEqualTo(2));
        BufferedImage image = onFx(() -> SwingFXUtils.fromFXImage(scene().snapshot(null), null));
        File file = new File("target/lab-03.png");
        ImageIO.write(image, "png", file);
        assertThat(file).isNotEmpty();
        assertThat(colours(image)).isGreaterThan(20);
    }

    @Test
    @DisplayName("Undo step takes the cluster back and clears what the step's commands printed")
    void undoesTheLastStep() throws Exception {
        await("a cluster that is ready")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(onFx(() -> node("run-1").isDisabled())).isFalse());
        assertThat(onFx(() -> node("undo").isDisabled())).isTrue();
        chooseStep(2);
        fire("run-1");
        await("the namespace")
                .atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(onFx(() -> ((Labeled) node("output-1")).getText()))
                                        .contains("namespace/istio-ingress created")
                                        .contains("Installation complete"));
        await("a step to undo")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(onFx(() -> node("undo").isDisabled())).isFalse());
        assertThat(onFx(() -> ((Button) node("undo")).getText())).isEqualTo("Undo step 3");
        save("target/lab-03-undo.png");
        chooseStep(0);

        fire("undo");

        await("the step undone")
                .atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(onFx(() -> ((Labeled) node("status")).getText()))
                                        .startsWith("Step 3 is undone. Not brought back: logs"));
        assertThat(onFx(() -> ((Labeled) node("output-1")).getText())).isEmpty();
        assertThat(onFx(() -> selectedStep())).isEqualTo(2);
        assertThat(onFx(() -> node("undo").isDisabled())).isTrue();
        save("target/lab-03-undone.png");
        fire("run-3");
        await("what is left in the cluster")
                .atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(onFx(() -> ((Labeled) node("output-3")).getText()))
                                        .contains("istio-system")
                                        .doesNotContain("istio-ingress  "));
    }

    private void fire(String id) throws Exception {
        onFx(
                () -> {
                    ((Button) node(id)).fire();
                    return true;
                });
    }

    private void chooseStep(int index) throws Exception {
        onFx(
                () -> {
                    ((ListView<?>) node("steps")).getSelectionModel().select(index);
                    return true;
                });
    }

    private int selectedStep() {
        return ((ListView<?>) node("steps")).getSelectionModel().getSelectedIndex();
    }

    private void save(String name) throws Exception {
        BufferedImage image = onFx(() -> SwingFXUtils.fromFXImage(scene().snapshot(null), null));
        ImageIO.write(image, "png", new File(name));
    }

    private static long colours(BufferedImage image) {
        return java.util.stream.IntStream.range(0, image.getWidth() * image.getHeight())
                .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                .distinct()
                .count();
    }

    private Scene scene() {
        Stage shown = stage;
        if (shown == null) {
            throw new IllegalStateException("no window");
        }
        return shown.getScene();
    }

    private Node node(String id) {
        Node node = scene().lookup("#" + id);
        if (node == null) {
            throw new IllegalStateException("no node #" + id);
        }
        return node;
    }

    private static <T> T onFx(Callable<T> work) throws InterruptedException, ExecutionException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Platform.runLater(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        return result.get();
    }
}
