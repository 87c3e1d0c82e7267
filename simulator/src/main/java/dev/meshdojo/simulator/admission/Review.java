package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;

/**
 * Gathers what is wrong with one object, and what is only doubtful. Order is istiod's. Not
 * thread-safe.
 */
final class Review {

    private Failure errors = Failure.NONE;
    private Failure warnings = Failure.NONE;

    /** Notes an error. */
    void error(String text) {
        errors = errors.and(Failure.of(text));
    }

    /** Notes what a check found, if anything. */
    void error(Failure failure) {
        errors = errors.and(failure);
    }

    /** Notes a warning. */
    void warn(String text) {
        warnings = warnings.and(Failure.of(text));
    }

    /** Notes what a check found as a warning. */
    void warn(Failure failure) {
        warnings = warnings.and(failure);
    }

    /** Takes over everything of another review. */
    void add(Review other) {
        errors = errors.and(other.errors);
        warnings = warnings.and(other.warnings);
    }

    Failure errors() {
        return errors;
    }

    Failure warnings() {
        return warnings;
    }

    Verdict verdict() {
        return new Verdict(errors.print(), warnings.texts());
    }
}
