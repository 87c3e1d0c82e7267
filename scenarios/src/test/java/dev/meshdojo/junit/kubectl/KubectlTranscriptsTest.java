package dev.meshdojo.junit.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshdojo.simulator.cluster.fake.FakeReplayClusters;
import dev.meshdojo.simulator.replay.ReplayTools;
import dev.meshdojo.simulator.replay.StepResult;
import dev.meshdojo.simulator.replay.Transcript;
import dev.meshdojo.simulator.replay.TranscriptReader;
import dev.meshdojo.simulator.replay.TranscriptResult;
import dev.meshdojo.simulator.replay.TranscriptRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays every recorded kubectl and helm transcript on the in-process cluster. Steps that differ
 * for a known reason are named in {@code known-differences.txt}; a named step that agrees fails, so
 * that the file cannot go stale. A transcript that is marked open there and differs is reported as
 * aborted, with its differences.
 */
class KubectlTranscriptsTest {

    private static final Path CORPUS = Path.of("corpus/kubectl");

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        Optional<ReplayTools> tools = ReplayTools.find(System.getenv());
        assumeTrue(
                tools.isPresent(),
                "no kubectl on PATH; install kubectl 1.35 or set MESHDOJO_KUBECTL");
        TranscriptRunner runner =
                new TranscriptRunner(FakeReplayClusters.FACTORY, tools.orElseThrow());
        KnownDifferences known = KnownDifferences.read();
        return TranscriptReader.readAll(CORPUS).stream()
                .map(
                        transcript ->
                                DynamicTest.dynamicTest(
                                        transcript.id(),
                                        () ->
                                                replay(
                                                        runner,
                                                        transcript,
                                                        known,
                                                        tools.orElseThrow())));
    }

    private static void replay(
            TranscriptRunner runner,
            Transcript transcript,
            KnownDifferences known,
            ReplayTools tools)
            throws InterruptedException {
        assumeTrue(
                !transcript.area().equals("helm") || tools.helm().isPresent(),
                "no helm on PATH; install helm 4 or set MESHDOJO_HELM");
        TranscriptResult result = runner.run(transcript);
        Set<Integer> differing = new TreeSet<>();
        List<StepResult> steps = result.steps();
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).passed()) {
                differing.add(i + 1);
            }
        }
        assumeTrue(
                differing.isEmpty() || !known.open().contains(transcript.id()),
                () -> "open: steps " + differing + "\n" + result.explanation());
        assertThat(differing)
                .as("steps of %s that differ%n%s", transcript.id(), result.explanation())
                .isEqualTo(known.of(transcript.id()));
    }

    @Test
    void everyKnownDifferenceIsOfAnExistingStep() throws IOException {
        Map<String, Integer> lengths = new HashMap<>();
        for (Transcript transcript : TranscriptReader.readAll(CORPUS)) {
            lengths.put(transcript.id(), transcript.steps().size());
        }
        KnownDifferences known = KnownDifferences.read();
        assertThat(lengths.keySet()).containsAll(known.open()).containsAll(known.steps().keySet());
        known.steps()
                .forEach(
                        (id, steps) ->
                                assertThat(steps)
                                        .allMatch(step -> step <= lengths.getOrDefault(id, 0)));
    }
}
