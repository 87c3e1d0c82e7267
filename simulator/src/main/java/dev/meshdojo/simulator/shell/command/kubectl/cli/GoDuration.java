package dev.meshdojo.simulator.shell.command.kubectl.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Go's durations: {@code 30s}, {@code 1m30s}, {@code 500ms}. */
public final class GoDuration {

    private static final Pattern PART =
            Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|ms|s|m|h)");

    private GoDuration() {}

    /**
     * Parses; zero may stand alone.
     *
     * @throws KubectlException in pflag's words
     */
    public static Duration parse(Flags flags, String name, String absent) {
        String text = flags.value(name, absent);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        String body = text.startsWith("-") ? text.substring(1) : text;
        Matcher matcher = PART.matcher(body);
        double nanos = 0;
        int at = 0;
        while (matcher.find() && matcher.start() == at) {
            at = matcher.end();
            nanos += Double.parseDouble(matcher.group(1)) * unit(matcher.group(2));
        }
        if (at == 0 || at < body.length()) {
            String why =
                    body.matches("\\d+(\\.\\d+)?")
                            ? "time: missing unit in duration \"" + text + "\""
                            : "time: invalid duration \"" + text + "\"";
            throw flags.invalid(name, text, why);
        }
        Duration duration = Duration.ofNanos((long) nanos);
        return text.startsWith("-") ? duration.negated() : duration;
    }

    private static double unit(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
        };
    }
}
