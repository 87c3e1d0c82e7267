package dev.meshdojo.simulator.apiserver.builtin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks cron schedules as the robfig parser does. */
public final class CronText {

    private static final int[][] BOUNDS = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}};
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> DAYS =
            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final List<String> DESCRIPTORS =
            List.of(
                    "@yearly",
                    "@annually",
                    "@monthly",
                    "@weekly",
                    "@daily",
                    "@midnight",
                    "@hourly");

    private CronText() {}

    /** What is wrong, or null. */
    public static @Nullable String problem(String text) {
        String schedule = text;
        if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
            int blank = text.indexOf(' ');
            if (blank < 0) {
                return "runtime error: slice bounds out of range [:-1]";
            }
            schedule = text.substring(blank).strip();
        }
        if (schedule.startsWith("@")) {
            return DESCRIPTORS.contains(schedule) || schedule.startsWith("@every ")
                    ? null
                    : "unrecognized descriptor: " + schedule;
        }
        String[] fields = schedule.strip().split("\\s+");
        if (fields.length != BOUNDS.length) {
            return "expected exactly 5 fields, found "
                    + fields.length
                    + ": ["
                    + String.join(" ", fields)
                    + "]";
        }
        for (int i = 0; i < fields.length; i++) {
            for (String part : fields[i].split(",", -1)) {
                String problem = problem(part, i);
                if (problem != null) {
                    return problem;
                }
            }
        }
        return null;
    }

    private static @Nullable String problem(String text, int field) {
        String[] stepped = text.split("/", -1);
        String[] range = stepped[0].split("-", -1);
        int min = BOUNDS[field][0];
        int max = BOUNDS[field][1];
        int start;
        int end;
        if (range[0].equals("*") || range[0].equals("?")) {
            start = min;
            end = max;
        } else {
            start = number(range[0], field);
            if (start < 0) {
                return "failed to parse int from "
                        + range[0]
                        + ": strconv.Atoi: parsing \""
                        + range[0]
                        + "\": invalid syntax";
            }
            end = range.length > 1 ? number(range[1], field) : start;
            if (end < 0) {
                return "failed to parse int from "
                        + range[1]
                        + ": strconv.Atoi: parsing \""
                        + range[1]
                        + "\": invalid syntax";
            }
            if (stepped.length > 1 && range.length == 1) {
                end = max;
            }
        }
        if (range.length > 2) {
            return "too many hyphens: " + text;
        }
        if (stepped.length > 2) {
            return "too many slashes: " + text;
        }
        if (start < min) {
            return "beginning of range (" + start + ") below minimum (" + min + "): " + text;
        }
        if (end > max) {
            return "end of range (" + end + ") above maximum (" + max + "): " + text;
        }
        if (start > end) {
            return "beginning of range (" + start + ") beyond end of range (" + end + "): " + text;
        }
        return stepped.length > 1 && stepped[1].equals("0")
                ? "step of range should be a positive number: " + text
                : null;
    }

    private static int number(String text, int field) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (field == 3 && MONTHS.contains(lower)) {
            return MONTHS.indexOf(lower) + 1;
        }
        if (field == 4 && DAYS.contains(lower)) {
            return DAYS.indexOf(lower);
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException _) {
            return -1;
        }
    }
}
