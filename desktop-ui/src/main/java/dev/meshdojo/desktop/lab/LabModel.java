package dev.meshdojo.desktop.lab;

import dev.meshdojo.desktop.bridge.LabBridge;
import dev.meshdojo.desktop.traffic.TrafficModel;
import dev.meshdojo.simulator.cluster.TrafficHop;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabBlock;
import dev.meshdojo.simulator.scenario.CheckResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;

/**
 * The lab page's state: which step is shown, what each command printed, how each check ended. Holds
 * no controls. Used on the UI thread only.
 */
public final class LabModel implements LabBridge.Listener {

    /** Whether commands can be run. */
    public enum Phase {
        STARTING,
        READY,
        RUNNING,
        FAILED
    }

    private final Lab lab;
    private final TrafficModel traffic = new TrafficModel();
    private final ReadOnlyObjectWrapper<Phase> phase = new ReadOnlyObjectWrapper<>(Phase.STARTING);
    private final ReadOnlyStringWrapper message =
            new ReadOnlyStringWrapper("Starting the cluster …");
    private final ReadOnlyObjectWrapper<Lab.Step> step;
    private final Map<LabBlock.Command, CommandModel> commands = new HashMap<>();
    private final Map<Lab.Step, ObservableList<CheckResult>> checks = new HashMap<>();
    private final ReadOnlyObjectWrapper<Lab.@Nullable Step> undoable =
            new ReadOnlyObjectWrapper<>();
    private CommandModel current;

    public LabModel(Lab lab) {
        this.lab = lab;
        step = new ReadOnlyObjectWrapper<>(lab.steps().getFirst());
        current = new CommandModel();
        for (Lab.Step each : lab.steps()) {
            checks.put(each, FXCollections.observableArrayList());
            each.commands().forEach(command -> commands.put(command, new CommandModel()));
        }
    }

    /** The lab shown. */
    public Lab lab() {
        return lab;
    }

    /** The traffic picture's state. */
    public TrafficModel traffic() {
        return traffic;
    }

    /** Whether commands can be run. */
    public ReadOnlyObjectProperty<Phase> phaseProperty() {
        return phase.getReadOnlyProperty();
    }

    /** What goes on, in one line. */
    public ReadOnlyStringProperty messageProperty() {
        return message.getReadOnlyProperty();
    }

    /** What "Undo step" would undo; null when there is nothing. */
    public ReadOnlyObjectProperty<Lab.@Nullable Step> undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    /** The step shown. */
    public ReadOnlyObjectProperty<Lab.Step> stepProperty() {
        return step.getReadOnlyProperty();
    }

    /** Shows another step. */
    public void show(Lab.Step chosen) {
        step.set(chosen);
    }

    /** A command's state. */
    public CommandModel command(LabBlock.Command command) {
        return commands.computeIfAbsent(command, key -> new CommandModel());
    }

    /** How the checks of a step ended last time. */
    public ObservableList<CheckResult> checks(Lab.Step of) {
        return checks.computeIfAbsent(of, key -> FXCollections.observableArrayList());
    }

    /** The steps, in order. */
    public List<Lab.Step> steps() {
        return lab.steps();
    }

    @Override
    public void progress(String text) {
        message.set(text);
    }

    @Override
    public void ready() {
        phase.set(Phase.READY);
        message.set("Ready");
    }

    @Override
    public void failed(String text) {
        phase.set(Phase.FAILED);
        message.set(text);
    }

    @Override
    public void commandStarted(Lab.Step of, LabBlock.Command command) {
        phase.set(Phase.RUNNING);
        message.set("Running: " + command.script().lines().findFirst().orElse(""));
        current = command(command);
        current.started();
    }

    @Override
    public void output(String text, boolean stderr) {
        current.append(text);
    }

    @Override
    public void commandEnded(
            Lab.Step of, LabBlock.Command command, int exitCode, Duration elapsed) {
        command(command).ended(exitCode);
        phase.set(Phase.READY);
        message.set("Ready");
    }

    @Override
    public void checkEnded(Lab.Step of, CheckResult result) {
        ObservableList<CheckResult> results = checks(of);
        results.removeIf(earlier -> earlier.name().equals(result.name()));
        results.add(result);
    }

    @Override
    public void stepUndone(Lab.Step of, List<String> notes) {
        of.commands().forEach(command -> command(command).undone());
        checks(of).clear();
        current = new CommandModel();
        phase.set(Phase.READY);
        show(of);
        message.set(
                "Step " + (lab.steps().indexOf(of) + 1) + " is undone. " + String.join(" ", notes));
    }

    @Override
    public void undoable(Lab.@Nullable Step next) {
        undoable.set(next);
    }

    @Override
    public void traffic(TrafficHop hop) {
        traffic.add(hop);
    }
}
