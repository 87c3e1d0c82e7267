package dev.meshdojo.desktop.lab;

import atlantafx.base.theme.Styles;
import dev.meshdojo.desktop.lab.LabModel.Phase;
import dev.meshdojo.desktop.traffic.TrafficView;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabBlock;
import dev.meshdojo.simulator.scenario.CheckResult;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/** The lab page: steps on the left, the chosen step in the middle, the traffic picture below. */
public final class LabView extends BorderPane {

    private final LabModel model;
    private final BiConsumer<Lab.Step, LabBlock.Command> onRun;
    private final Consumer<Lab.Step> onCheck;
    private final Runnable onUndo;
    private final VBox page = new VBox(14);
    private final ScrollPane scroll = new ScrollPane(page);

    /**
     * @param onRun runs one command
     * @param onCheck runs a step's checks
     * @param onUndo undoes the last step
     */
    public LabView(
            LabModel model,
            BiConsumer<Lab.Step, LabBlock.Command> onRun,
            Consumer<Lab.Step> onCheck,
            Runnable onUndo) {
        this.model = model;
        this.onRun = onRun;
        this.onCheck = onCheck;
        this.onUndo = onUndo;
        page.setPadding(new Insets(20, 28, 28, 28));
        scroll.setFitToWidth(true);
        SplitPane right = new SplitPane(scroll, new TrafficView(model.traffic()));
        right.setOrientation(Orientation.VERTICAL);
        right.setDividerPositions(0.72);
        SplitPane split = new SplitPane(steps(), right);
        split.setDividerPositions(0.24);
        setCenter(split);
        setBottom(statusBar());
        model.stepProperty().subscribe(this::show);
    }

    private Node steps() {
        ListView<Lab.Step> list = new ListView<>();
        list.setId("steps");
        list.getItems().addAll(model.steps());
        list.setCellFactory(view -> new StepCell());
        list.getSelectionModel().select(model.stepProperty().get());
        list.getSelectionModel()
                .selectedItemProperty()
                .subscribe(
                        step -> {
                            if (step != null) {
                                model.show(step);
                            }
                        });
        model.stepProperty().subscribe(list.getSelectionModel()::select);
        Label title = new Label("Lab " + model.lab().name() + ": " + model.lab().title());
        title.getStyleClass().add(Styles.TITLE_4);
        title.setPadding(new Insets(16, 12, 8, 12));
        title.setWrapText(true);
        VBox box = new VBox(title, list);
        VBox.setVgrow(list, Priority.ALWAYS);
        return box;
    }

    private Node statusBar() {
        Label label = new Label();
        label.setId("status");
        label.textProperty().bind(model.messageProperty());
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(label, Priority.ALWAYS);
        HBox bar = new HBox(12, label, undo());
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.setPadding(new Insets(6, 12, 6, 12));
        bar.getStyleClass().add("status-bar");
        return bar;
    }

    private Node undo() {
        Button undo = new Button();
        undo.setId("undo");
        undo.getStyleClass().add(Styles.SMALL);
        undo.setMinWidth(Region.USE_PREF_SIZE);
        undo.textProperty()
                .bind(
                        model.undoableProperty()
                                .map(step -> "Undo step " + (model.steps().indexOf(step) + 1))
                                .orElse("Undo step"));
        undo.disableProperty()
                .bind(
                        model.undoableProperty()
                                .isNull()
                                .or(model.phaseProperty().isNotEqualTo(Phase.READY)));
        undo.setTooltip(
                new Tooltip("Takes cluster, variables and jobs back to where the step began"));
        undo.setOnAction(event -> onUndo.run());
        return undo;
    }

    private void show(Lab.Step step) {
        page.getChildren().clear();
        scroll.setVvalue(0);
        int number = 0;
        for (LabBlock block : step.blocks()) {
            switch (block) {
                case LabBlock.Prose prose ->
                        page.getChildren().addAll(MarkdownView.render(prose.markdown()));
                case LabBlock.Command command -> {
                    number++;
                    page.getChildren().add(command(step, command, number));
                }
                case LabBlock.Listing listing ->
                        page.getChildren().add(monospace(listing.text(), "listing"));
            }
        }
        if (!step.checks().isEmpty()) {
            page.getChildren().add(checks(step));
        }
    }

    private Node command(Lab.Step step, LabBlock.Command command, int number) {
        CommandModel state = model.command(command);
        Label script = monospace(command.script(), "command");
        HBox.setHgrow(script, Priority.ALWAYS);
        Button run = new Button("Run");
        run.setId("run-" + number);
        run.getStyleClass().add(Styles.ACCENT);
        run.setMinWidth(Region.USE_PREF_SIZE);
        run.disableProperty().bind(model.phaseProperty().isNotEqualTo(Phase.READY));
        run.setOnAction(event -> onRun.accept(step, command));
        HBox head = new HBox(10, script, run);
        Label output = monospace("", "output");
        output.setId("output-" + number);
        output.textProperty().bind(state.outputProperty());
        output.visibleProperty().bind(state.outputProperty().isNotEmpty());
        output.managedProperty().bind(output.visibleProperty());
        return new VBox(6, head, output);
    }

    private Node checks(Lab.Step step) {
        VBox results = new VBox(4);
        results.setId("checks");
        ObservableList<CheckResult> checks = model.checks(step);
        Runnable draw =
                () -> results.getChildren().setAll(checks.stream().map(this::check).toList());
        checks.addListener((ListChangeListener<CheckResult>) change -> draw.run());
        draw.run();
        Button button = new Button("Check this step");
        button.setId("check");
        button.disableProperty().bind(model.phaseProperty().isNotEqualTo(Phase.READY));
        button.setOnAction(event -> onCheck.accept(step));
        return new VBox(8, button, results);
    }

    private Node check(CheckResult result) {
        Label label =
                new Label(
                        switch (result.status()) {
                            case PASSED -> "✔ " + result.name();
                            case SKIPPED -> "– " + result.name() + " (does not apply)";
                            case FAILED ->
                                    "✘ "
                                            + result.name()
                                            + "\n   expected "
                                            + result.expected()
                                            + "\n   saw "
                                            + result.seen();
                        });
        label.setWrapText(true);
        label.getStyleClass()
                .add(
                        switch (result.status()) {
                            case PASSED -> Styles.SUCCESS;
                            case SKIPPED -> Styles.TEXT_MUTED;
                            case FAILED -> Styles.DANGER;
                        });
        return label;
    }

    private static Label monospace(String text, String style) {
        Label label = new Label(text.stripTrailing());
        label.getStyleClass().addAll("monospace", style);
        label.setWrapText(true);
        label.setMaxWidth(Double.MAX_VALUE);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    private final class StepCell extends ListCell<Lab.Step> {
        @Override
        protected void updateItem(Lab.@Nullable Step step, boolean empty) {
            super.updateItem(step, empty);
            setText(
                    empty || step == null
                            ? null
                            : (model.steps().indexOf(step) + 1) + ". " + step.title());
            setWrapText(true);
            setPrefWidth(0);
        }
    }
}
