package dev.meshdojo.simulator.scenario;

import java.time.Duration;
import java.util.Optional;

/**
 * A named operation that must succeed within a time limit.
 *
 * @param name what a report calls it
 * @param location {@code file:line} of its definition
 * @param when only then; always when absent
 * @param operation what to do or compare
 * @param timeout how long to try again before giving up
 */
public record Check(
        String name,
        String location,
        Optional<Condition> when,
        Operation operation,
        Duration timeout) {}
