package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.scenario.CheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a run of a lab ended. Immutable.
 *
 * @param lab the lab's name
 * @param title the lab's title
 * @param started when the run began
 * @param elapsed how long it took, the cluster's start included
 * @param steps every step, in order, also those left out
 */
public record LabResult(
        String lab, String title, Instant started, Duration elapsed, List<StepResult> steps) {

    public LabResult {
        steps = List.copyOf(steps);
    }

    /** Whether no check failed. */
    public boolean passed() {
        return checks(CheckResult.Status.FAILED) == 0;
    }

    /** How many checks ended so. */
    public long checks(CheckResult.Status status) {
        return steps.stream()
                .flatMap(step -> step.checks().stream())
                .filter(check -> check.status() == status)
                .count();
    }

    /**
     * One step.
     *
     * @param skipped why it was left out, empty when it ran
     */
    public record StepResult(
            String id,
            String title,
            String skipped,
            List<CommandResult> commands,
            List<CheckResult> checks) {
        public StepResult {
            commands = List.copyOf(commands);
            checks = List.copyOf(checks);
        }
    }

    /**
     * One command.
     *
     * @param output what it wrote to both streams while it ran in the foreground
     */
    public record CommandResult(String script, int exitCode, String output, Duration elapsed) {}
}
