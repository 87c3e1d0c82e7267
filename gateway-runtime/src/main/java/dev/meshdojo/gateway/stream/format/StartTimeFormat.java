package dev.meshdojo.gateway.stream.format;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * {@code %START_TIME(format)%}: strftime's letters, and {@code %1f} to {@code %9f} for fractions of
 * a second. Unknown letters stay as written. Without a format: ISO 8601 with milliseconds.
 */
final class StartTimeFormat {

    private static final DateTimeFormatter DEFAULT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private StartTimeFormat() {}

    static Command compile(String format) {
        if (format.isEmpty()) {
            return context -> DEFAULT.format(context.info().startTime());
        }
        return context -> print(format, context.info().startTime());
    }

    /** Prints {@code time}; an empty format is ISO 8601 with milliseconds. */
    static String text(String format, Instant time) {
        return format.isEmpty() ? DEFAULT.format(time) : print(format, time);
    }

    private static String print(String format, Instant time) {
        ZonedDateTime when = time.atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char letter = format.charAt(++i);
            if (Character.isDigit(letter)
                    && i + 1 < format.length()
                    && format.charAt(i + 1) == 'f') {
                text.append(String.format("%09d", when.getNano()), 0, letter - '0');
                i++;
            } else {
                text.append(field(letter, when));
            }
        }
        return text.toString();
    }

    private static String field(char letter, ZonedDateTime when) {
        return switch (letter) {
            case 'Y' -> pattern("yyyy", when);
            case 'y' -> pattern("yy", when);
            case 'm' -> pattern("MM", when);
            case 'd' -> pattern("dd", when);
            case 'e' -> String.format("%2d", when.getDayOfMonth());
            case 'H' -> pattern("HH", when);
            case 'I' -> pattern("hh", when);
            case 'M' -> pattern("mm", when);
            case 'S' -> pattern("ss", when);
            case 'f' -> String.format("%09d", when.getNano());
            case 's' -> String.valueOf(when.toEpochSecond());
            case 'p' -> pattern("a", when);
            case 'a' -> pattern("EEE", when);
            case 'A' -> pattern("EEEE", when);
            case 'b', 'h' -> pattern("MMM", when);
            case 'B' -> pattern("MMMM", when);
            case 'j' -> pattern("DDD", when);
            case 'z' -> "+0000";
            case 'Z' -> "UTC";
            case 'T' -> pattern("HH:mm:ss", when);
            case 'F' -> pattern("yyyy-MM-dd", when);
            case 'D' -> pattern("MM/dd/yy", when);
            case 'R' -> pattern("HH:mm", when);
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + letter;
        };
    }

    private static String pattern(String pattern, ZonedDateTime when) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(when);
    }
}
