package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run came to.
 *
 * @param outcomes one a case
 */
public record ConformanceReport(List<CaseRunner.Outcome> outcomes) {

    private static final String FILE = "conformance.json";

    public ConformanceReport {
        outcomes = List.copyOf(outcomes);
    }

    /** Exchanges compared. */
    public int compared() {
        return outcomes.stream().mapToInt(CaseRunner.Outcome::compared).sum();
    }

    /** Exchanges equal in every field. */
    public int equal() {
        return outcomes.stream().mapToInt(CaseRunner.Outcome::equal).sum();
    }

    /** Whether nothing differs at all. */
    public boolean passed() {
        return outcomes.stream().allMatch(outcome -> outcome.differences().isEmpty());
    }

    /** The report as JSON: counts, counts by area, and every difference by case. */
    public ObjectNode json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("cases", outcomes.size());
        root.put("exchangesCompared", compared());
        root.put("exchangesEqual", equal());
        Map<String, int[]> counts = new TreeMap<>();
        for (CaseRunner.Outcome outcome : outcomes) {
            int[] count = counts.computeIfAbsent(outcome.recorded().area(), area -> new int[2]);
            count[0] += outcome.compared();
            count[1] += outcome.equal();
        }
        ObjectNode areas = root.putObject("areas");
        counts.forEach(
                (area, count) ->
                        areas.putObject(area)
                                .put("exchangesCompared", count[0])
                                .put("exchangesEqual", count[1]));
        ArrayNode list = root.putArray("results");
        for (CaseRunner.Outcome outcome : outcomes) {
            ObjectNode entry = list.addObject();
            entry.put("case", outcome.recorded().name()).put("area", outcome.recorded().area());
            entry.put("exchangesCompared", outcome.compared());
            entry.put("exchangesEqual", outcome.equal());
            ArrayNode differences = entry.putArray("differences");
            for (Difference difference : outcome.differences()) {
                differences
                        .addObject()
                        .put("exchange", difference.exchange())
                        .put("field", difference.field())
                        .put("expected", difference.expected())
                        .put("seen", difference.seen());
            }
        }
        return root;
    }

    /**
     * Writes {@code conformance.json} into a directory, which is made if need be.
     *
     * @return the file
     */
    public Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(FILE);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json());
        return file;
    }
}
