package dev.meshdojo.gateway.codec;

import org.jspecify.annotations.Nullable;

/**
 * How a client's connection is served. Immutable.
 *
 * @param limits of request heads
 * @param secure whether the connection is TLS
 * @param headDeadline how long a head may take; null for ever
 * @param delayedCloseMillis how long a connection whose answer was sent waits for the client to
 *     close first; 0 closes at once
 */
public record ServerOptions(
        HeadLimits limits,
        boolean secure,
        @Nullable HeadDeadline headDeadline,
        long delayedCloseMillis) {

    /** Envoy's defaults on plain text. */
    public static final ServerOptions DEFAULT =
            new ServerOptions(HeadLimits.DEFAULT, false, null, 1000);

    /**
     * How long a head may take from its first byte.
     *
     * @param millis at least 1
     * @param refusal what is answered then
     */
    public record HeadDeadline(long millis, Refusal refusal) {}
}
