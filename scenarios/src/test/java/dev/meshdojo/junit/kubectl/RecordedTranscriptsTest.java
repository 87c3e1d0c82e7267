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
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays the transcripts that the project recorded itself, beside the corpus: each was made on a
 * Kubernetes 1.35 cluster and agrees in every step.
 */
class RecordedTranscriptsTest {

    private static final Path RECORDED = Path.of("src/test/resources/transcripts");

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        Optional<ReplayTools> tools = ReplayTools.find(System.getenv());
        assumeTrue(
                tools.isPresent(),
                "no kubectl on PATH; install kubectl 1.35 or set MESHDOJO_KUBECTL");
        TranscriptRunner runner =
                new TranscriptRunner(FakeReplayClusters.FACTORY, tools.orElseThrow());
        return TranscriptReader.readAll(RECORDED).stream()
                .map(
                        transcript ->
                                DynamicTest.dynamicTest(
                                        transcript.id(), () -> replay(runner, transcript)));
    }

    private static void replay(TranscriptRunner runner, Transcript transcript)
            throws InterruptedException {
        TranscriptResult result = runner.run(transcript);
        assertThat(result.steps())
                .as("%s%n%s", transcript.id(), result.explanation())
                .allMatch(StepResult::passed);
    }
}
