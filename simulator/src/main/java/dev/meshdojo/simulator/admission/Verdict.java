package dev.meshdojo.simulator.admission;

import java.util.List;

/**
 * What a validating webhook says of one object.
 *
 * @param error the text of the refusal, empty when the object is admitted
 * @param warnings texts to show beside either outcome, in order
 */
public record Verdict(String error, List<String> warnings) {

    /** Admitted without a word. */
    public static final Verdict ADMITTED = new Verdict("", List.of());

    public Verdict {
        warnings = List.copyOf(warnings);
    }

    /** Whether the object may be stored. */
    public boolean admitted() {
        return error.isEmpty();
    }
}
