package dev.meshdojo.simulator.apiserver.builtin;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Times as Go reads and writes them. */
final class GoTime {

    private static final String LAYOUT = "2006-01-02T15:04:05Z07:00";
    private static final String MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";

    private GoTime() {}

    /** UTC with seconds. */
    static String seconds(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return time.truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeException _) {
            return text;
        }
    }

    /** What Go says of a text that is no RFC 3339 time; micro times need six digits of a second. */
    static String complaint(String text, boolean micro) {
        String layout = micro ? MICRO_LAYOUT : LAYOUT;
        String[] digits = {"2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05"};
        int at = 0;
        for (String part : digits) {
            int end = at + part.length();
            boolean number = Character.isDigit(part.charAt(0));
            boolean fine =
                    end <= text.length()
                            && (number
                                    ? text.substring(at, end).chars().allMatch(Character::isDigit)
                                    : text.startsWith(part, at));
            if (!fine) {
                return complaint(layout, text, text.substring(Math.min(at, text.length())), part);
            }
            at = end;
        }
        String rest = text.substring(at);
        if (micro && !rest.matches("\\.\\d{6}.*")) {
            return complaint(layout, text, rest, ".000000");
        }
        String zone = micro ? rest.replaceFirst("^\\.\\d+", "") : rest;
        String known = zone.replaceFirst("^(Z|[+-]\\d\\d:\\d\\d)", "");
        if (!known.equals(zone)) {
            return "parsing time \"" + text + "\": extra text: \"" + known + "\"";
        }
        return complaint(layout, text, zone, "Z07:00");
    }

    private static String complaint(String layout, String text, String rest, String part) {
        return "parsing time \""
                + text
                + "\" as \""
                + layout
                + "\": cannot parse \""
                + rest
                + "\" as \""
                + part
                + "\"";
    }
}
