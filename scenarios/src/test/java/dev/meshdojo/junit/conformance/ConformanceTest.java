package dev.meshdojo.junit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshdojo.simulator.conformance.CaseRunner;
import dev.meshdojo.simulator.conformance.ConformanceCase;
import dev.meshdojo.simulator.conformance.ConformanceRun;
import dev.meshdojo.simulator.conformance.Corpus;
import dev.meshdojo.simulator.conformance.FakeClusterTargets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recorded exchange, compared field by field. Cases of an area that is not built yet are
 * reported as aborted.
 */
class ConformanceTest {

    private static final Path CORPUS = Path.of("corpus");
    private static final int CLUSTERS = 4;
    private static final Set<String> OPEN_AREAS = Set.of("mesh");
    private static final Set<String> OPEN_CASES = Set.of();

    @TestFactory
    Stream<DynamicTest> cases() throws IOException, InterruptedException {
        Corpus corpus = Corpus.read(CORPUS);
        List<ConformanceCase> chosen =
                corpus.cases().stream()
                        .filter(recorded -> !OPEN_AREAS.contains(recorded.area()))
                        .toList();
        return new ConformanceRun(corpus, new FakeClusterTargets())
                .run(chosen, CLUSTERS, outcome -> {}).stream()
                        .map(
                                outcome ->
                                        DynamicTest.dynamicTest(
                                                outcome.recorded().area()
                                                        + "/"
                                                        + outcome.recorded().name(),
                                                () -> verify(outcome)));
    }

    private static void verify(CaseRunner.Outcome outcome) {
        String differences =
                outcome.differences().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining("\n"));
        assumeTrue(
                differences.isEmpty() || !OPEN_CASES.contains(outcome.recorded().name()),
                () -> "open:\n" + differences);
        assertThat(differences).isEmpty();
    }
}
