package dev.meshdojo.simulator.controller.scheduling;

import java.util.Map;
import java.util.stream.Collectors;

/** How the scheduler words why nodes do not take a pod. */
final class SchedulingText {

    private SchedulingText() {}

    /** {@code 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) ...}, without a full stop. */
    static String unavailable(int nodes, Map<String, Integer> reasons) {
        return "0/"
                + nodes
                + " nodes are available: "
                + reasons.entrySet().stream()
                        .map(reason -> reason.getValue() + " " + reason.getKey())
                        .sorted()
                        .collect(Collectors.joining(", "));
    }
}
