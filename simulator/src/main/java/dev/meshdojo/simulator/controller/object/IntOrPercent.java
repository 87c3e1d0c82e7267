package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;

/** Resolves fields that hold a number or a percentage, such as {@code maxSurge}. */
public final class IntOrPercent {

    private IntOrPercent() {}

    /** The number, or the percentage of {@code total} rounded up; 0 when absent. */
    public static int up(JsonNode value, int total) {
        return value.isTextual() && value.asText().endsWith("%")
                ? Math.ceilDiv(percent(value) * total, 100)
                : value.asInt();
    }

    /** The number, or the percentage of {@code total} rounded down; 0 when absent. */
    public static int down(JsonNode value, int total) {
        return value.isTextual() && value.asText().endsWith("%")
                ? Math.floorDiv(percent(value) * total, 100)
                : value.asInt();
    }

    private static int percent(JsonNode value) {
        String text = value.asText();
        try {
            return Integer.parseInt(text.substring(0, text.length() - 1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
