package dev.meshdojo.simulator.golang;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "PT0S, 0s",
        "PT-1S, 0s",
        "PT-3S, <invalid>",
        "PT119S, 119s",
        "PT2M, 2m",
        "PT5M30S, 5m30s",
        "PT10M59S, 10m",
        "PT179M, 179m",
        "PT3H, 3h",
        "PT7H59M, 7h59m",
        "PT8H59M, 8h",
        "PT47H, 47h",
        "PT48H, 2d",
        "PT100H, 4d4h",
        "P8D, 8d",
        "P729D, 729d",
        "P730D, 2y",
        "P800D, 2y70d",
        "P2920D, 8y"
    })
    void durationIsPrintedWithFewerDigitsTheLongerItIs(Duration duration, String text) {
        assertThat(HumanDuration.text(duration)).isEqualTo(text);
    }
}
