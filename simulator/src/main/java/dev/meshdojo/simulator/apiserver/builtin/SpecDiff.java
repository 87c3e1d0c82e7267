package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A unified diff of two specs, one field per line. */
final class SpecDiff {

    private static final int CONTEXT = 3;

    private SpecDiff() {}

    static String of(JsonNode before, JsonNode after) {
        List<String> left = before.toPrettyString().lines().toList();
        List<String> right = after.toPrettyString().lines().toList();
        int head = 0;
        while (head < left.size()
                && head < right.size()
                && left.get(head).equals(right.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < left.size() - head
                && tail < right.size() - head
                && left.get(left.size() - 1 - tail).equals(right.get(right.size() - 1 - tail))) {
            tail++;
        }
        int from = Math.max(0, head - CONTEXT);
        int leftEnd = Math.min(left.size(), left.size() - tail + CONTEXT);
        int rightEnd = Math.min(right.size(), right.size() - tail + CONTEXT);
        List<String> lines = new ArrayList<>();
        lines.add(
                "@@ -"
                        + (from + 1)
                        + ","
                        + (leftEnd - from)
                        + " +"
                        + (from + 1)
                        + ","
                        + (rightEnd - from)
                        + " @@");
        left.subList(from, head).forEach(line -> lines.add("  " + line));
        left.subList(head, left.size() - tail).forEach(line -> lines.add("- " + line));
        right.subList(head, right.size() - tail).forEach(line -> lines.add("+ " + line));
        left.subList(left.size() - tail, leftEnd).forEach(line -> lines.add("  " + line));
        return String.join("\n", lines) + "\n";
    }
}
