package dev.meshdojo.gateway.admin;

import com.google.protobuf.Message;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A resource in force.
 *
 * @param name its name
 * @param version the version it came with; empty for static resources
 * @param resource the proto; null when it is known by name only, such as a secret not yet delivered
 * @param lastUpdated when it was taken
 * @param failure the newer version that was refused; null when none was
 */
public record Loaded<T extends Message>(
        String name,
        String version,
        @Nullable T resource,
        Instant lastUpdated,
        @Nullable Failure failure) {

    /**
     * A refused update.
     *
     * @param version the version refused
     * @param resource what was refused
     * @param at when
     * @param details why
     */
    public record Failure(String version, Message resource, Instant at, String details) {}
}
