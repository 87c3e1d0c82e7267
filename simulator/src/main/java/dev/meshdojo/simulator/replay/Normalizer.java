package dev.meshdojo.simulator.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rids output of what differs from run to run: column widths, ages, times, generated names,
 * addresses. The rules and their order are those of the corpus' README. Immutable.
 */
public final class Normalizer {

    private static final String AGE =
            "(?:\\d+y\\d+d|\\d+y|\\d+d\\d+h|\\d+d|\\d+h\\d+m|\\d+h|\\d+m\\d+s|\\d+m|\\d+s|\\d+ms)";
    private static final Pattern AGE_CELL =
            Pattern.compile("<invalid>|" + AGE + "(?: \\(x\\d+ over " + AGE + "\\))?");
    private static final Pattern AGE_IN_JSON =
            Pattern.compile("([\\[,]\\s*)\"" + AGE + "\"(?=\\s*[,\\]])");
    private static final Pattern HELM_NOISE =
            Pattern.compile(
                    "E\\d{4} \\S+ +\\d+ request\\.go:\\d+\\] \"Unexpected error when reading response"
                            + " body\" err=\"context canceled\"");

    private final Placeholders placeholders;

    /**
     * @param transcript values that it names itself stay as they are
     * @param server the API server's URL, {@code https://HOST:PORT}
     */
    public Normalizer(Transcript transcript, String server) {
        this.placeholders = new Placeholders(transcript.givenText(), server);
    }

    /** One output stream of a step, normalised. */
    public String normalize(Transcript.Step step, String output) {
        List<String> lines =
                new TableText(step, Normalizer::cell)
                        .normalize(Arrays.asList(output.split("\n", -1)));
        List<String> kept = new ArrayList<>();
        for (String line : lines) {
            if (!isNoise(step, line)) {
                kept.add(step.isHttp() ? line : line.stripTrailing());
            }
        }
        String text = String.join("\n", kept);
        if (step.isHttp()) {
            text = AGE_IN_JSON.matcher(text).replaceAll("$1\"<age>\"");
        }
        return placeholders.apply(text);
    }

    private static String cell(String text) {
        return AGE_CELL.matcher(text).matches() ? "<age>" : text;
    }

    private static boolean isNoise(Transcript.Step step, String line) {
        boolean waits =
                step.runs("rollout status")
                        || step.runs("rollout undo")
                        || step.runs("kubectl delete")
                        || step.runs("kubectl wait");
        return (waits && line.startsWith("Waiting for "))
                || (step.runsHelm() && HELM_NOISE.matcher(line).matches());
    }
}
