package dev.meshdojo.simulator.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Prints how long ago something was, in the short form of {@code kubectl get}. Source: Kubernetes'
 * {@code duration.HumanDuration}.
 */
public final class Ages {

    private static final String UNKNOWN = "<unknown>";

    private final InstantSource clock;

    /**
     * @param clock what is "now"
     */
    public Ages(InstantSource clock) {
        this.clock = clock;
    }

    /** The age of an object by its creation time. */
    String of(JsonNode object) {
        return since(object.path("metadata").path("creationTimestamp"));
    }

    /** Time since an RFC 3339 text; {@code <unknown>} when there is none. */
    String since(JsonNode time) {
        Instant instant = instant(time);
        return instant == null ? UNKNOWN : since(instant);
    }

    /** Time since an instant. */
    String since(Instant instant) {
        return format(Duration.between(instant, clock.instant()));
    }

    /** The instant an RFC 3339 text stands for, or null when it is no such text. */
    static @Nullable Instant instant(JsonNode time) {
        if (!time.isTextual() || time.asText().isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(time.asText()).toInstant();
        } catch (DateTimeParseException _) {
            return null;
        }
    }

    /** {@code 5m30s}, {@code 3h}, {@code 2d4h}: fewer digits the longer it is. */
    public static String format(Duration duration) {
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 0) {
            return "0s";
        }
        if (seconds < 120) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        if (minutes < 10) {
            return pair(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        long hours = minutes / 60;
        if (hours < 8) {
            return pair(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        long days = hours / 24;
        if (days < 8) {
            return pair(days, "d", hours % 24, "h");
        }
        if (days < 730) {
            return days + "d";
        }
        return days < 2920 ? pair(days / 365, "y", days % 365, "d") : days / 365 + "y";
    }

    private static String pair(long large, String unit, long small, String smallUnit) {
        return small == 0 ? large + unit : large + unit + small + smallUnit;
    }
}
