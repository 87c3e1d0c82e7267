package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.stream.RequestHead;

/**
 * How long a request and each of its tries may take, and what the upstream is told of it.
 *
 * <p>Source: Envoy's router filter, FilterUtility::finalTimeout.
 */
final class RouteTimes {

    private final RequestHead head;
    private final boolean tellsGrpc;
    private final long totalMillis;
    private final long perTryMillis;

    RouteTimes(ForwardAction action, RequestHead head) {
        this.head = head;
        this.tellsGrpc = action.grpcTimeoutMax() != null && head.grpc();
        this.totalMillis = total(action, head);
        this.perTryMillis =
                action.retry().perTryTimeout() == null
                        ? 0
                        : action.retry().perTryTimeout().toMillis();
    }

    private static long total(ForwardAction action, RequestHead head) {
        if (action.grpcTimeoutMax() != null && head.grpc()) {
            long max = action.grpcTimeoutMax().toMillis();
            long asked = Math.max(0, RetryRules.grpcTimeoutMillis(head));
            return max != 0 && (asked == 0 || asked > max) ? max : asked;
        }
        return action.timeout() == null ? 0 : action.timeout().toMillis();
    }

    /** For all tries together; 0 for no limit. */
    long totalMillis() {
        return totalMillis;
    }

    /** For each try; 0 for no limit. */
    long perTryMillis() {
        return perTryMillis;
    }

    /** Tells the upstream how long its answer is waited for. */
    void describe(long elapsedMillis) {
        long expected = perTryMillis;
        if (totalMillis > 0) {
            long left = Math.max(1, totalMillis - elapsedMillis);
            if (expected == 0 || left < expected) {
                expected = left;
            }
        }
        if (expected > 0) {
            head.headers().set("x-envoy-expected-rq-timeout-ms", Long.toString(expected));
            if (tellsGrpc) {
                head.headers().set("grpc-timeout", expected + "m");
            }
        }
    }
}
