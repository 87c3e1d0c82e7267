package dev.meshdojo.simulator.pilot.model;

import com.google.protobuf.Duration;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Kubernetes objects write them: {@code 1.5s}, {@code 100ms}, {@code 1h30m}. */
public final class Durations {

    /** No time at all, which Envoy takes as "no limit" in most places. */
    public static final Duration ZERO = Duration.getDefaultInstance();

    private static final Pattern PART =
            Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Long> NANOS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "µs", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L);

    private Durations() {}

    /** The duration, or null when {@code text} is none. */
    public static @Nullable Duration parse(String text) {
        if (text.isEmpty()) {
            return null;
        }
        boolean negative = text.startsWith("-");
        String body = negative ? text.substring(1) : text;
        if (body.equals("0")) {
            return ZERO;
        }
        Matcher part = PART.matcher(body);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (part.lookingAt()) {
            long unit = NANOS.getOrDefault(part.group(2), 0L);
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
            end = part.end();
            part.region(end, body.length());
        }
        if (end == 0 || end != body.length()) {
            return null;
        }
        long total = negative ? -nanos.longValue() : nanos.longValue();
        return ofNanos(total);
    }

    /** A duration of seconds. */
    public static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    /** A duration of milliseconds. */
    public static Duration millis(long millis) {
        return ofNanos(millis * 1_000_000L);
    }

    /** Whether the duration is zero. */
    public static boolean isZero(Duration duration) {
        return duration.getSeconds() == 0 && duration.getNanos() == 0;
    }

    private static Duration ofNanos(long nanos) {
        return Duration.newBuilder()
                .setSeconds(nanos / 1_000_000_000L)
                .setNanos((int) (nanos % 1_000_000_000L))
                .build();
    }
}
