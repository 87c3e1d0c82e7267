package dev.meshdojo.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the analyzers say of the recorded cases beyond what they say of the world. */
class AnalysisComparisonTest {

    private static final Path CORPUS = Path.of("../scenarios/corpus");
    private static AnalysisComparison comparison;

    record Row(ConformanceCase recorded) {
        @Override
        public String toString() {
            return recorded.name();
        }
    }

    static Stream<Row> cases() throws IOException {
        return Corpus.read(CORPUS).cases().stream()
                .filter(recorded -> recorded.analysis() != null)
                .map(Row::new);
    }

    @BeforeAll
    static void readWorld() throws IOException {
        comparison = new AnalysisComparison(Corpus.read(CORPUS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void saysWhatWasRecorded(Row row) {
        assertThat(comparison.compare(row.recorded())).isEmpty();
    }
}
