package dev.meshdojo.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputComparisonTest {

    private static final String CANCELLED =
            "I1124 19:28:23.867743   12433 reflector.go:578] \"Warning: watch ended with error\""
                    + " err=\"unable to decode an event from the watch stream: context canceled\"";

    @ParameterizedTest(name = "{0} | {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a/b  | a/b                | 0
                    a/b  | a/CANCELLED/b      | 0
                    a/b  | CANCELLED/a/b      | 0
                    a/b  | a/c                | 2
                    a/b  | a/CANCELLED/c      | 2
                    a/b  | a/context canceled/b | 1
                    """)
    void onlyAClientsOwnEndOfItsWatchIsOverlooked(String recorded, String tested, int differences) {
        Transcript.Step step = new Transcript.Step("helm install app ./app", 0, "", "", false);

        assertThat(OutputComparison.compare(step, text(recorded), text(tested)))
                .filteredOn(line -> line.startsWith("+") || line.startsWith("-"))
                .hasSize(differences);
    }

    private static String text(String lines) {
        return lines.replace('/', '\n').replace("CANCELLED", CANCELLED) + "\n";
    }
}
