package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.lab.LabResult.CommandResult;
import dev.meshdojo.simulator.lab.LabResult.StepResult;
import dev.meshdojo.simulator.scenario.Check;
import dev.meshdojo.simulator.scenario.CheckResult;
import dev.meshdojo.simulator.scenario.OperationRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A lab on a running cluster: runs its commands in one lab shell and its checks against the
 * cluster. The shell keeps its variables, jobs and directory from step to step, as a learner's
 * terminal does. One thread at a time.
 */
public final class LabSession implements AutoCloseable {

    private final Lab lab;
    private final LabTerminal terminal;
    private final OperationRunner checks;
    private final UndoLog<Lab.Step> undo;
    private final LabListener listener;

    /** Told how far a run is, after each step. */
    @FunctionalInterface
    interface Keeper {
        void keep(List<StepResult> done);
    }

    /**
     * @param terminal owned by the session from now on
     * @param undo of the same shell and cluster
     */
    LabSession(
            Lab lab,
            LabTerminal terminal,
            OperationRunner checks,
            UndoLog<Lab.Step> undo,
            LabListener listener) {
        this.lab = lab;
        this.terminal = terminal;
        this.checks = checks;
        this.undo = undo;
        this.listener = listener;
    }

    /** The lab. */
    public Lab lab() {
        return lab;
    }

    /**
     * Runs every step in order. A failed check does not stop the run: later steps show what depends
     * on it.
     *
     * @param done what became of the first steps on an earlier day; they are not run again
     */
    LabResult run(Instant started, List<StepResult> done, Keeper keeper)
            throws InterruptedException {
        long start = System.nanoTime();
        List<StepResult> steps = new ArrayList<>(done);
        lab.steps().subList(0, done.size()).forEach(listener::stepResumed);
        keeper.keep(steps);
        for (Lab.Step step : lab.steps().subList(done.size(), lab.steps().size())) {
            steps.add(run(step));
            keeper.keep(steps);
        }
        return new LabResult(
                lab.name(),
                lab.title(),
                started,
                Duration.ofNanos(System.nanoTime() - start),
                steps);
    }

    /** Runs one step: its commands, then its checks. */
    public StepResult run(Lab.Step step) throws InterruptedException {
        if (step.when().isPresent() && !checks.holds(step.when().get())) {
            String reason = "does not apply to this cluster";
            listener.stepSkipped(step, reason);
            return new StepResult(step.id(), step.title(), reason, List.of(), List.of());
        }
        listener.stepStarted(step);
        List<CommandResult> commands = new ArrayList<>();
        for (LabBlock.Command command : step.commands()) {
            commands.add(run(step, command));
        }
        return new StepResult(step.id(), step.title(), "", commands, check(step));
    }

    /** Runs one command of a step; the first one after another step's is where the step begins. */
    public CommandResult run(Lab.Step step, LabBlock.Command command) throws InterruptedException {
        List<Lab.Step> begun = undo.labels();
        if (begun.isEmpty() || !begun.getFirst().equals(step)) {
            undo.remember(step);
        }
        listener.commandStarted(step, command);
        long start = System.nanoTime();
        LabTerminal.Outcome outcome = terminal.type(command.script());
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        listener.commandEnded(step, command, outcome.exitCode(), elapsed);
        return new CommandResult(command.script(), outcome.exitCode(), outcome.output(), elapsed);
    }

    /** Runs a step's checks. */
    public List<CheckResult> check(Lab.Step step) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        for (Check check : step.checks()) {
            CheckResult result = checks.run(check);
            listener.checkEnded(step, result);
            results.add(result);
        }
        return results;
    }

    /**
     * Takes cluster and shell back to where the last step began, and tells the listener.
     *
     * @return the step that was undone; empty when there is none, or the kind of cluster cannot go
     *     back
     */
    public Optional<Lab.Step> undo() throws InterruptedException {
        Optional<UndoLog.Undone<Lab.Step>> undone = undo.undo();
        undone.ifPresent(done -> listener.stepUndone(done.label(), done.notes()));
        return undone.map(UndoLog.Undone::label);
    }

    /** The step that {@link #undo} would undo. */
    public Optional<Lab.Step> undoable() {
        return undo.labels().stream().findFirst();
    }

    /** Ends the shell and its jobs. The cluster stays. */
    @Override
    public void close() {
        terminal.close();
    }
}
