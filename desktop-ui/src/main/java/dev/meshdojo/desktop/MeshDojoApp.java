package dev.meshdojo.desktop;

import atlantafx.base.theme.PrimerLight;
import dev.meshdojo.desktop.bridge.LabBridge;
import dev.meshdojo.desktop.lab.LabModel;
import dev.meshdojo.desktop.lab.LabView;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/**
 * The desktop app's window. Parameters: {@code --root=DIR --lab=NAME --load-balancer=none|metallb}.
 */
public final class MeshDojoApp extends Application {

    private @Nullable LabBridge bridge;

    @Override
    public void start(Stage stage) throws Exception {
        Map<String, String> parameters = getParameters().getNamed();
        Lab lab =
                new LabLoader(Path.of(parameters.getOrDefault("root", ".")))
                        .load(parameters.getOrDefault("lab", "03"));
        LoadBalancer loadBalancer =
                "metallb".equals(parameters.get("load-balancer"))
                        ? LoadBalancer.METALLB
                        : LoadBalancer.NONE;
        bridge = show(stage, lab, loadBalancer);
    }

    /**
     * Fills the stage with a lab, shows it and boots its cluster. Call on the FX thread; the caller
     * closes the bridge.
     */
    static LabBridge show(Stage stage, Lab lab, LoadBalancer loadBalancer) {
        setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
        LabModel model = new LabModel(lab);
        LabBridge bridge = new LabBridge(lab, loadBalancer, model, Platform::runLater);
        Scene scene =
                new Scene(new LabView(model, bridge::run, bridge::check, bridge::undo), 1180, 820);
        scene.getStylesheets()
                .add(
                        Objects.requireNonNull(MeshDojoApp.class.getResource("meshdojo.css"))
                                .toExternalForm());
        stage.setTitle("Mesh Dojo – Lab " + lab.name() + ": " + lab.title());
        stage.setScene(scene);
        stage.show();
        bridge.start();
        return bridge;
    }

    @Override
    public void stop() {
        if (bridge != null) {
            bridge.close();
        }
    }
}
