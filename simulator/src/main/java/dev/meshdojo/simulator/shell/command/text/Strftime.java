package dev.meshdojo.simulator.shell.command.text;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** The conversions of {@code date +FORMAT}. */
final class Strftime {

    private static final Map<Character, String> FORMATS =
            Map.ofEntries(
                    Map.entry('Y', "yyyy"),
                    Map.entry('m', "MM"),
                    Map.entry('d', "dd"),
                    Map.entry('e', "ppd"),
                    Map.entry('H', "HH"),
                    Map.entry('I', "hh"),
                    Map.entry('M', "mm"),
                    Map.entry('S', "ss"),
                    Map.entry('N', "nnnnnnnnn"),
                    Map.entry('y', "yy"),
                    Map.entry('j', "DDD"),
                    Map.entry('a', "EEE"),
                    Map.entry('A', "EEEE"),
                    Map.entry('b', "MMM"),
                    Map.entry('B', "MMMM"),
                    Map.entry('p', "a"),
                    Map.entry('z', "xx"),
                    Map.entry('Z', "zzz"),
                    Map.entry('F', "yyyy-MM-dd"),
                    Map.entry('T', "HH:mm:ss"),
                    Map.entry('R', "HH:mm"),
                    Map.entry('D', "MM/dd/yy"));

    private Strftime() {}

    static String format(String format, ZonedDateTime time) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char code = format.charAt(++i);
            if (code == '-' && i + 1 < format.length()) {
                text.append(one(format.charAt(++i), time).replaceFirst("^[0 ](?=.)", ""));
            } else if (code == '3' && i + 1 < format.length() && format.charAt(i + 1) == 'N') {
                i++;
                text.append("%03d".formatted(time.getNano() / 1_000_000));
            } else if (code == ':' && i + 1 < format.length()) {
                i++;
                text.append(DateTimeFormatter.ofPattern("xxx", Locale.ROOT).format(time));
            } else {
                text.append(one(code, time));
            }
        }
        return text.toString();
    }

    private static String one(char code, ZonedDateTime time) {
        return switch (code) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 's' -> String.valueOf(time.toEpochSecond());
            case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
            case 'N' -> "%09d".formatted(time.getNano());
            case 'Z' -> time.getOffset().getTotalSeconds() == 0 ? "UTC" : pattern("zzz", time);
            case 'c' -> format("%a %b %e %H:%M:%S %Y", time);
            default -> {
                String pattern = FORMATS.get(code);
                yield pattern == null ? "%" + code : pattern(pattern, time);
            }
        };
    }

    private static String pattern(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }
}
