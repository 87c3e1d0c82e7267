package dev.meshdojo.simulator.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sets of objects, and all that Istio's analyzers said of them. */
class RecordedAnalysisTest {

    private static final Path CORPUS = Path.of("../scenarios/corpus/analysis");
    private static final ObjectMapper YAML = new YAMLMapper();

    /**
     * Its recording lacks the two objects that write ports as YAML numbers in {@code
     * portLevelMtls}; {@link AnalysisTest} holds what Istio says of them.
     */
    private static final String LACKS_NUMERIC_KEYS = "peer-authentication-schema";

    record Row(String name, JsonNode spec) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(CORPUS)) {
            for (Path file : files.sorted().toList()) {
                JsonNode document = YAML.readTree(file.toFile());
                rows.add(
                        new Row(
                                document.path("metadata").path("name").asText(),
                                document.path("spec")));
            }
        }
        return rows.stream().filter(row -> !row.name().equals(LACKS_NUMERIC_KEYS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @DisplayName("Code, level, origin and text of every message are the analyzers'")
    void saysWhatTheAnalyzersSaid(Row row) {
        Set<String> said =
                new Analysis(Clock.systemUTC())
                        .analyze(row.spec().path("resources")).stream()
                                .map(RecordedAnalysisTest::print)
                                .collect(Collectors.toSet());
        Set<String> recorded = new HashSet<>();
        row.spec()
                .path("messages")
                .forEach(
                        message ->
                                recorded.add(
                                        String.join(
                                                " | ",
                                                message.path("code").asText(),
                                                message.path("level").asText(),
                                                message.path("origin").asText(),
                                                message.path("message").asText())));
        assertThat(said).isEqualTo(recorded);
    }

    private static String print(Message message) {
        return String.join(
                " | ", message.code(), message.level(), message.origin(), message.text());
    }
}
