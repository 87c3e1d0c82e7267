package dev.meshdojo.simulator.apiserver.podsecurity;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The levels of the Pod Security Standards, from the laxest to the strictest. */
enum Level {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    /** The level that a label names, or null. */
    static @Nullable Level of(String label) {
        for (Level level : values()) {
            if (level.toString().equals(label)) {
                return level;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
