package dev.meshdojo.simulator.apiserver.podsecurity;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a control has against a pod.
 *
 * @param reason in short
 * @param detail which containers and values
 */
record Violation(String reason, String detail) {

    @Override
    public String toString() {
        return reason + " (" + detail + ")";
    }

    /** The violations in one line, with their details. */
    static String details(List<Violation> violations) {
        return violations.stream().map(Violation::toString).collect(Collectors.joining(", "));
    }

    /** The reasons in one line. */
    static String reasons(List<Violation> violations) {
        return violations.stream().map(Violation::reason).collect(Collectors.joining(", "));
    }

    /** {@code "a", "b"}. */
    static String quoted(Collection<String> texts) {
        return texts.isEmpty() ? "" : "\"" + String.join("\", \"", texts) + "\"";
    }

    /** A noun in the number that fits. */
    static String plural(int count, String one, String many) {
        return count == 1 ? one : many;
    }

    /** {@code container "a"} or {@code containers "a", "b"}. */
    static String containers(Collection<String> names) {
        return plural(names.size(), "container ", "containers ") + quoted(names);
    }
}
