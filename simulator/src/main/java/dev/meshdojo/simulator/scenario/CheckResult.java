package dev.meshdojo.simulator.scenario;

import java.time.Duration;

/**
 * How a check ended.
 *
 * @param name the check's name
 * @param location {@code file:line} of its definition
 * @param status the outcome
 * @param operation what was done, in one line
 * @param expected what should have been, empty when it passed
 * @param seen what was seen last, empty when it passed
 * @param elapsed how long it took
 */
public record CheckResult(
        String name,
        String location,
        Status status,
        String operation,
        String expected,
        String seen,
        Duration elapsed) {

    /** How a check can end. */
    public enum Status {
        PASSED,
        FAILED,
        SKIPPED
    }
}
