package dev.meshdojo.gateway.route;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the request to a cluster.
 *
 * @param clusters how the cluster is chosen
 * @param clusterNotFoundStatus the status when it does not exist: 503, 404 or 500
 * @param timeout for the whole exchange once the request is complete; null for none
 * @param idleTimeout without traffic; null: the connection manager's own
 * @param maxStreamDuration for the stream as a whole, zero for ever; null: the connection manager's
 *     own
 * @param grpcHeaderMax the longest {@code grpc-timeout} that counts as the stream's own duration,
 *     zero for any; null: it does not
 * @param grpcTimeoutMax the longest {@code grpc-timeout} honoured, zero for any; null: the header
 *     is not honoured
 * @param retry when to try again
 * @param hashPolicies inputs of consistent hashing
 * @param mirrors copies to send
 * @param upgrades upgrade types this route allows or forbids, by lower-case type
 * @param pathRewrite null for none
 * @param hostRewrite null for none
 * @param appendForwardedHost whether a rewritten host is kept in {@code x-forwarded-host}
 * @param highPriority whether high-priority circuit breakers count
 */
public record ForwardAction(
        ClusterChoice clusters,
        int clusterNotFoundStatus,
        @Nullable Duration timeout,
        @Nullable Duration idleTimeout,
        @Nullable Duration maxStreamDuration,
        @Nullable Duration grpcHeaderMax,
        @Nullable Duration grpcTimeoutMax,
        RetryPolicy retry,
        List<HashPolicy> hashPolicies,
        List<Mirror> mirrors,
        Map<String, Boolean> upgrades,
        @Nullable PathRewrite pathRewrite,
        @Nullable HostRewrite hostRewrite,
        boolean appendForwardedHost,
        boolean highPriority)
        implements RouteAction {

    public ForwardAction {
        hashPolicies = List.copyOf(hashPolicies);
        mirrors = List.copyOf(mirrors);
        upgrades = Map.copyOf(upgrades);
    }
}
