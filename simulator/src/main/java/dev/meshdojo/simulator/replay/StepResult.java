package dev.meshdojo.simulator.replay;

import java.time.Duration;
import java.util.List;

/**
 * How a step went.
 *
 * @param step what was run
 * @param exit the exit code it had
 * @param stdout differences of stdout, line by line; empty when it agrees
 * @param stderr likewise
 * @param took time the command took
 */
public record StepResult(
        Transcript.Step step, int exit, List<String> stdout, List<String> stderr, Duration took) {

    public StepResult {
        stdout = List.copyOf(stdout);
        stderr = List.copyOf(stderr);
    }

    /** Whether exit code and both streams agree. */
    public boolean passed() {
        return exit == step.exit() && stdout.isEmpty() && stderr.isEmpty();
    }

    /** The difference for people; empty when it passed. */
    public List<String> differences() {
        List<String> lines = new java.util.ArrayList<>();
        if (exit != step.exit()) {
            lines.add("exit code: recorded " + step.exit() + ", got " + exit);
        }
        if (!stdout.isEmpty()) {
            lines.add("stdout (- recorded, + got):");
            lines.addAll(stdout);
        }
        if (!stderr.isEmpty()) {
            lines.add("stderr (- recorded, + got):");
            lines.addAll(stderr);
        }
        return lines;
    }
}
