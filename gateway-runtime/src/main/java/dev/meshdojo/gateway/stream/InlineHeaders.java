package dev.meshdojo.gateway.stream;

import java.util.Set;

/**
 * The header names of which a message has one line at most: a further value goes behind the first,
 * after a comma.
 *
 * <p>Source: Envoy's inline headers, those of its core and those that its filters register.
 */
final class InlineHeaders {

    static final Set<String> NONE = Set.of();

    static final Set<String> REQUEST =
            names(
                    """
                    accept accept-encoding access-control-request-headers \
                    access-control-request-method access-control-request-private-network \
                    authorization cache-control connection content-encoding content-type expect \
                    grpc-accept-encoding grpc-timeout if-match if-modified-since if-none-match \
                    if-range if-unmodified-since keep-alive origin pragma proxy-connection \
                    proxy-status referer te upgrade user-agent via x-client-trace-id \
                    x-envoy-attempt-count x-envoy-decorator-operation \
                    x-envoy-downstream-service-cluster x-envoy-downstream-service-node \
                    x-envoy-expected-rq-timeout-ms x-envoy-external-address x-envoy-force-trace \
                    x-envoy-hedge-on-per-try-timeout x-envoy-internal x-envoy-ip-tags \
                    x-envoy-is-timeout-retry x-envoy-max-retries x-envoy-original-host \
                    x-envoy-original-path x-envoy-original-url x-envoy-retriable-header-names \
                    x-envoy-retriable-status-codes x-envoy-retry-grpc-on x-envoy-retry-on \
                    x-envoy-upstream-alt-stat-name x-envoy-upstream-rq-per-try-timeout-ms \
                    x-envoy-upstream-rq-timeout-alt-response x-envoy-upstream-rq-timeout-ms \
                    x-envoy-upstream-stream-duration-ms x-forwarded-client-cert x-forwarded-for \
                    x-forwarded-host x-forwarded-port x-forwarded-proto x-request-id""");

    static final Set<String> RESPONSE =
            names(
                    """
                    access-control-allow-credentials access-control-allow-headers \
                    access-control-allow-methods access-control-allow-origin \
                    access-control-allow-private-network access-control-expose-headers \
                    access-control-max-age age cache-control connection content-encoding \
                    content-type date etag expires grpc-message grpc-status keep-alive \
                    last-modified location proxy-connection proxy-status server upgrade vary via \
                    x-envoy-attempt-count x-envoy-decorator-operation x-envoy-degraded \
                    x-envoy-immediate-health-check-fail x-envoy-ratelimited \
                    x-envoy-upstream-canary x-envoy-upstream-healthchecked-cluster \
                    x-envoy-upstream-service-time x-request-id""");

    private InlineHeaders() {}

    private static Set<String> names(String text) {
        return Set.of(text.split(" "));
    }
}
