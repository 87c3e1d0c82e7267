package dev.meshdojo.simulator.replay;

import java.util.ArrayList;
import java.util.List;

/**
 * How a transcript went.
 *
 * @param transcript what was replayed
 * @param steps as far as they were run
 */
public record TranscriptResult(Transcript transcript, List<StepResult> steps) {

    public TranscriptResult {
        steps = List.copyOf(steps);
    }

    /** Whether every step passed. */
    public boolean passed() {
        return steps.size() == transcript.steps().size()
                && steps.stream().allMatch(StepResult::passed);
    }

    /** The failed steps with their differences, for people. */
    public String explanation() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            StepResult result = steps.get(i);
            if (!result.passed()) {
                lines.add(transcript.id() + " step " + (i + 1) + ": " + result.step().run());
                result.differences().forEach(line -> lines.add("    " + line));
            }
        }
        return String.join("\n", lines);
    }
}
