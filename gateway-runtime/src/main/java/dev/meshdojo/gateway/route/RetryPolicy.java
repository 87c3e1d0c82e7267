package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.HeaderMatch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When and how a request is tried again.
 *
 * @param on the conditions
 * @param maxRetries retries after the first try
 * @param perTryTimeout null for none
 * @param perTryIdleTimeout null for none
 * @param avoidPreviousHosts whether hosts tried before are avoided
 * @param hostSelectionAttempts how often to pick again when a predicate refuses a host
 * @param statusCodes for {@link RetryOn#RETRIABLE_STATUS_CODES}
 * @param backOffBase the first back-off interval
 * @param backOffMax the longest back-off interval
 * @param retriableHeaders response headers for {@link RetryOn#RETRIABLE_HEADERS}
 * @param retriableRequestHeaders when not empty, one must match for a request to be retried
 */
public record RetryPolicy(
        Set<RetryOn> on,
        int maxRetries,
        @Nullable Duration perTryTimeout,
        @Nullable Duration perTryIdleTimeout,
        boolean avoidPreviousHosts,
        int hostSelectionAttempts,
        Set<Integer> statusCodes,
        Duration backOffBase,
        Duration backOffMax,
        List<HeaderMatch> retriableHeaders,
        List<HeaderMatch> retriableRequestHeaders) {

    public RetryPolicy {
        on = Set.copyOf(on);
        statusCodes = Set.copyOf(statusCodes);
        retriableHeaders = List.copyOf(retriableHeaders);
        retriableRequestHeaders = List.copyOf(retriableRequestHeaders);
    }

    /** No retries. */
    public static final RetryPolicy NONE =
            new RetryPolicy(
                    Set.of(),
                    0,
                    null,
                    null,
                    false,
                    1,
                    Set.of(),
                    Duration.ofMillis(25),
                    Duration.ofMillis(250),
                    List.of(),
                    List.of());
}
