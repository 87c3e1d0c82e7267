package dev.meshdojo.junit.kubectl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known to differ, by {@code docs/fidelity.md}.
 *
 * @param steps steps that cannot agree, by transcript, counted from 1
 * @param open transcripts that are still being worked on
 */
record KnownDifferences(Map<String, Set<Integer>> steps, Set<String> open) {

    private static final Path FILE = Path.of("src/test/resources/known-differences.txt");

    /** Lines are {@code AREA/NAME STEP} or {@code AREA/NAME open}; {@code #} begins a comment. */
    static KnownDifferences read() throws IOException {
        Map<String, Set<Integer>> steps = new TreeMap<>();
        Set<String> open = new TreeSet<>();
        for (String line : Files.readAllLines(FILE)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split(" ");
            if (words[1].equals("open")) {
                open.add(words[0]);
            } else {
                steps.computeIfAbsent(words[0], _ -> new TreeSet<>())
                        .add(Integer.valueOf(words[1]));
            }
        }
        return new KnownDifferences(steps, open);
    }

    Set<Integer> of(String transcript) {
        return steps.getOrDefault(transcript, Set.of());
    }
}
