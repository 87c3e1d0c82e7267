package dev.meshdojo.simulator.controller.batch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cron schedule: five fields with lists, ranges, steps and names, or {@code @hourly} and its
 * like, or {@code @every 5m}. Source: robfig/cron's standard parser, which Kubernetes uses.
 */
final class CronSchedule {

    private static final Map<String, String> NAMED =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> DAYS =
            List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean anyDay;
    private final boolean anyWeekday;
    private final ZoneId zone;
    private final @Nullable Duration every;

    private CronSchedule(String[] fields, ZoneId zone, @Nullable Duration every) {
        this.minutes = parse(fields[0], 0, 59, List.of(), 0);
        this.hours = parse(fields[1], 0, 23, List.of(), 0);
        this.days = parse(fields[2], 1, 31, List.of(), 0);
        this.months = parse(fields[3], 1, 12, MONTHS, 1);
        this.weekdays = parse(fields[4], 0, 6, DAYS, 0);
        this.anyDay = fields[2].startsWith("*") || fields[2].startsWith("?");
        this.anyWeekday = fields[4].startsWith("*") || fields[4].startsWith("?");
        this.zone = zone;
        this.every = every;
    }

    /**
     * Parses.
     *
     * @param timeZone an IANA name; empty for UTC
     * @throws IllegalArgumentException when it is no schedule
     */
    static CronSchedule parse(String schedule, String timeZone) {
        String text = schedule.trim();
        ZoneId zone;
        try {
            zone = timeZone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("unknown time zone " + timeZone, e);
        }
        if (text.startsWith("@every ")) {
            return new CronSchedule("* * * * *".split(" ", -1), zone, duration(text.substring(7)));
        }
        String[] fields = NAMED.getOrDefault(text, text).split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "expected exactly 5 fields, found %d: [%s]".formatted(fields.length, text));
        }
        return new CronSchedule(fields, zone, null);
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse("PT" + text.trim().toUpperCase(Locale.ROOT));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("failed to parse duration " + text, e);
        }
    }

    private static BitSet parse(String field, int min, int max, List<String> names, int base) {
        BitSet bits = new BitSet(max + 1);
        for (String part : field.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            int step = stepped.length > 1 ? Integer.parseInt(stepped[1]) : 1;
            int from;
            int to;
            if (stepped[0].equals("*") || stepped[0].equals("?")) {
                from = min;
                to = max;
            } else {
                String[] ends = stepped[0].split("-", -1);
                from = number(ends[0], names, base);
                to = ends.length > 1 ? number(ends[1], names, base) : from;
                if (ends.length == 1 && stepped.length > 1) {
                    to = max;
                }
            }
            if (from < min || to > max || from > to || step < 1) {
                throw new IllegalArgumentException(
                        "%s (expected: %d to %d)".formatted(part, min, max));
            }
            for (int i = from; i <= to; i += step) {
                bits.set(i);
            }
        }
        return bits;
    }

    private static int number(String text, List<String> names, int base) {
        int index = names.indexOf(text.toLowerCase(Locale.ROOT));
        return index >= 0 ? index + base : Integer.parseInt(text);
    }

    /** The first time strictly after {@code after}; null when there is none within five years. */
    @Nullable Instant next(Instant after) {
        if (every != null) {
            return after.plus(every).truncatedTo(ChronoUnit.SECONDS);
        }
        ZonedDateTime time = after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        ZonedDateTime end = time.plusYears(5);
        while (time.isBefore(end)) {
            if (!months.get(time.getMonthValue())) {
                time = time.plusMonths(1).withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
            } else if (!day(time)) {
                time = time.plusDays(1).truncatedTo(ChronoUnit.DAYS);
            } else if (!hours.get(time.getHour())) {
                time = time.plusHours(1).truncatedTo(ChronoUnit.HOURS);
            } else if (!minutes.get(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return time.toInstant();
            }
        }
        return null;
    }

    private boolean day(ZonedDateTime time) {
        boolean dayOfMonth = days.get(time.getDayOfMonth());
        boolean dayOfWeek = weekdays.get(time.getDayOfWeek().getValue() % 7);
        boolean both = anyDay || anyWeekday;
        return both ? (dayOfMonth && dayOfWeek) : (dayOfMonth || dayOfWeek);
    }
}
