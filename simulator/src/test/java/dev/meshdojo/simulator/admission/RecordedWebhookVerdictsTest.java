package dev.meshdojo.simulator.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that passed their schema on a real API server, and what istiod's webhook then said. */
class RecordedWebhookVerdictsTest {

    private static final Path CORPUS = Path.of("../scenarios/corpus/validation");
    private static final ObjectMapper JSON = new ObjectMapper();

    record Row(String name, JsonNode resource, String message, List<String> warnings) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().flatMap(RecordedWebhookVerdictsTest::rowsOf).toList().stream();
        }
    }

    private static Stream<Row> rowsOf(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(RecordedWebhookVerdictsTest::parse)
                    .filter(
                            line ->
                                    List.of("accepted", "denied")
                                            .contains(line.path("verdict").asText()))
                    .map(
                            line ->
                                    new Row(
                                            line.path("name").asText(),
                                            line.path("resource"),
                                            line.path("verdict").asText().equals("denied")
                                                    ? line.path("message").asText()
                                                    : "",
                                            warnings(line.path("warning").asText())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Several were recorded as one text, a bulleted list; the API server sends each by itself. */
    private static List<String> warnings(String recorded) {
        if (recorded.isEmpty()) {
            return List.of();
        }
        return recorded.contains("\n\t* ")
                ? List.of(recorded.strip().split("\n\t\\* ")).stream().skip(1).toList()
                : List.of(recorded);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @DisplayName("The webhook's verdict and words are istiod's")
    void saysWhatIstiodSaid(Row row) {
        Verdict verdict = IstioValidation.validate(row.resource());
        assertThat(verdict.error()).isEqualTo(row.message());
        assertThat(verdict.warnings()).isEqualTo(row.warnings());
    }
}
