package dev.meshdojo.simulator.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.golang.HumanDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Prints how long ago something was, in the short form of {@code kubectl get}. */
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
        return HumanDuration.text(Duration.between(instant, clock.instant()));
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
}
