package dev.meshdojo.simulator.explain;

import java.util.ArrayList;
import java.util.List;

/** An explanation for people. */
public final class ExplanationText {

    private ExplanationText() {}

    /** Its lines. */
    public static List<String> of(Explanation explanation) {
        List<String> lines = new ArrayList<>();
        lines.add(explanation.request());
        String details = explanation.details().isEmpty() ? "" : ", " + explanation.details();
        lines.add("→ " + explanation.outcome() + details);
        lines.add("");
        lines.add("gateway       " + explanation.gateway());
        if (explanation.listener() != null) {
            lines.add("listener      " + explanation.listener());
        }
        if (explanation.table() != null && !explanation.table().isEmpty()) {
            lines.add("route table   " + explanation.table());
            lines.add(
                    "virtual host  "
                            + (explanation.virtualHost() == null
                                    ? "none"
                                    : explanation.virtualHost()));
        }
        for (Explanation.Step step : explanation.considered()) {
            lines.add("");
            lines.add(
                    (step.failed() == null ? "✔ " : "✘ ")
                            + (step.route().isEmpty() ? "route" : "route " + step.route())
                            + (step.origin().isEmpty() ? "" : " of " + step.origin())
                            + (step.line() == null ? "" : "  " + step.line()));
            lines.add("    " + String.join(" and ", step.conditions()));
            if (step.failed() != null) {
                lines.add("    fails at " + step.failed() + ": the request has " + step.observed());
            }
        }
        if (explanation.cluster() != null) {
            lines.add("");
            lines.add("cluster       " + explanation.cluster());
            lines.add(
                    "endpoint      "
                            + (explanation.endpoint() == null ? "none" : explanation.endpoint()));
        }
        if (!explanation.hint().isEmpty()) {
            lines.add("");
            lines.add(explanation.hint());
        }
        return List.copyOf(lines);
    }
}
