package dev.meshdojo.simulator.replay;

import java.util.List;
import java.util.Map;

/**
 * What a real cluster answered to a series of commands.
 *
 * @param area what it is about, such as {@code printing}; its folder
 * @param name unique within the area
 * @param about one sentence for people
 * @param files file names and contents that the commands use
 * @param proxy whether {@code kubectl proxy --port=8001} runs meanwhile
 * @param steps in order
 */
public record Transcript(
        String area,
        String name,
        String about,
        Map<String, String> files,
        boolean proxy,
        List<Step> steps) {

    public Transcript {
        files = Map.copyOf(files);
        steps = List.copyOf(steps);
    }

    /** {@code area/name}. */
    public String id() {
        return area + "/" + name;
    }

    /** All text that people wrote into it; values found here are no generated ones. */
    String givenText() {
        StringBuilder text = new StringBuilder();
        files.values().forEach(content -> text.append(content).append('\n'));
        steps.forEach(step -> text.append(step.run()).append('\n'));
        return text.toString();
    }

    /**
     * One command line and its outcome.
     *
     * @param run given to {@code bash -c}
     * @param exit exit code
     * @param stdout normalised
     * @param stderr normalised
     * @param unordered whether the order of lines is free
     */
    public record Step(String run, int exit, String stdout, String stderr, boolean unordered) {

        boolean isHttp() {
            return run.startsWith("curl");
        }

        boolean runs(String words) {
            return run.contains(words);
        }

        boolean runsHelm() {
            return run.matches("(?s)(.*\\W)?helm .*");
        }
    }
}
