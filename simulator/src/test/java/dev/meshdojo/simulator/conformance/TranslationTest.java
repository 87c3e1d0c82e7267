package dev.meshdojo.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.Pilot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("istioctl proxy-config prints of our xDS what it printed of Istio's")
class TranslationTest {

    private static final java.util.Set<String> LATER = java.util.Set.of("mesh");
    private static final Corpus CORPUS = corpus();

    record Row(ConformanceCase recorded, String gateway) {
        @Override
        public String toString() {
            return recorded.area() + "/" + recorded.name() + " " + gateway;
        }
    }

    static Stream<Row> cases() {
        return CORPUS.cases().stream()
                .filter(recorded -> !LATER.contains(recorded.area()))
                .flatMap(
                        recorded ->
                                recorded.proxyConfig().keySet().stream()
                                        .map(gateway -> new Row(recorded, gateway)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void tablesEqualTheRecording(Row row) {
        DirectWorld world = new DirectWorld(CORPUS, row.recorded.accepted());
        XdsSnapshot xds = Pilot.translate(world.snapshot(), world.gateway(row.gateway));
        List<String> seen = new ArrayList<>();
        List<String> recorded = new ArrayList<>();
        var expected = row.recorded.proxyConfig().getOrDefault(row.gateway, java.util.Map.of());
        expected.forEach((table, rows) -> rows.forEach(line -> recorded.add(table + ": " + line)));
        for (String table : expected.keySet()) {
            seen.addAll(
                    ProxyConfigRows.of(xds, table).stream().map(r -> table + ": " + r).toList());
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(recorded);
    }

    private static Corpus corpus() {
        try {
            return Corpus.read(Path.of("..", "scenarios", "corpus"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
