package dev.meshdojo.simulator.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine-readable outcome of a replay. */
public final class ReplayReport {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ReplayReport() {}

    /** {@code summary} with counts, {@code steps} with one entry for each step that was run. */
    public static ObjectNode toJson(List<TranscriptResult> results) {
        ObjectNode report = JSON.createObjectNode();
        ObjectNode summary = report.putObject("summary");
        ArrayNode steps = report.putArray("steps");
        int passed = 0;
        for (TranscriptResult result : results) {
            for (int i = 0; i < result.steps().size(); i++) {
                StepResult step = result.steps().get(i);
                passed += step.passed() ? 1 : 0;
                add(steps.addObject(), result.transcript(), i + 1, step);
            }
        }
        summary.put("transcripts", results.size());
        summary.put("transcriptsPassed", results.stream().filter(TranscriptResult::passed).count());
        summary.put("steps", steps.size());
        summary.put("stepsPassed", passed);
        return report;
    }

    private static void add(ObjectNode entry, Transcript transcript, int number, StepResult step) {
        entry.put("area", transcript.area())
                .put("transcript", transcript.name())
                .put("step", number)
                .put("run", step.step().run())
                .put("passed", step.passed())
                .put("expectedExit", step.step().exit())
                .put("exit", step.exit())
                .put("milliseconds", step.took().toMillis());
        ArrayNode differences = entry.putArray("differences");
        step.differences().forEach(differences::add);
    }

    /** Writes {@code replay.json} into a directory, which is made if need be. */
    public static Path write(List<TranscriptResult> results, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("replay.json");
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), toJson(results));
        return file;
    }
}
