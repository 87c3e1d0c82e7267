package dev.meshdojo.simulator.controller.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CronScheduleTest {

    record Row(String schedule, String zone, String after, String next) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("0 3 * * *", "", "2026-11-24T12:00:00Z", "2026-11-25T03:00:00Z"),
                new Row("*/15 * * * *", "", "2026-11-24T12:00:00Z", "2026-11-24T12:15:00Z"),
                new Row("5-10/5 8 * * mon-fri", "", "2026-11-27T09:00:00Z", "2026-11-30T08:05:00Z"),
                new Row("0 0 1 jan *", "", "2026-11-24T12:00:00Z", "2027-01-01T00:00:00Z"),
                new Row("0 0 13 * fri", "", "2026-11-24T12:00:00Z", "2026-11-27T00:00:00Z"),
                new Row("0 0 */10 * fri", "", "2026-11-24T12:00:00Z", "2026-12-11T00:00:00Z"),
                new Row("0 0 29 2 *", "", "2026-11-24T12:00:00Z", "2028-02-29T00:00:00Z"),
                new Row("@hourly", "", "2026-11-24T12:30:10Z", "2026-11-24T13:00:00Z"),
                new Row("@every 5m", "", "2026-11-24T12:30:10Z", "2026-11-24T12:35:10Z"),
                new Row(
                        "0 3 * * *",
                        "Europe/Berlin",
                        "2026-11-24T12:00:00Z",
                        "2026-11-25T02:00:00Z"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void next(Row row) {
        assertThat(CronSchedule.parse(row.schedule(), row.zone()).next(Instant.parse(row.after())))
                .isEqualTo(row.next());
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> CronSchedule.parse("every day", ""))
                .hasMessageContaining("expected exactly 5 fields, found 2");
        assertThatThrownBy(() -> CronSchedule.parse("61 * * * *", ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
