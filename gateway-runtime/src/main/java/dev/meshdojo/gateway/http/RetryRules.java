package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.route.RetryOn;
import dev.meshdojo.gateway.route.RetryPolicy;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which outcomes are worth another try, and when.
 *
 * <p>Source: Envoy's RetryStateImpl.
 */
final class RetryRules {

    private RetryRules() {}

    static boolean wants(RetryPolicy policy, ResponseHead response) {
        Set<RetryOn> on = policy.on();
        int status = response.status();
        if (on.contains(RetryOn.SERVER_ERROR) && status / 100 == 5) {
            return true;
        }
        if (on.contains(RetryOn.GATEWAY_ERROR) && status >= 502 && status <= 504) {
            return true;
        }
        if (on.contains(RetryOn.RETRIABLE_4XX) && status == 409) {
            return true;
        }
        if (on.contains(RetryOn.RETRIABLE_STATUS_CODES) && policy.statusCodes().contains(status)) {
            return true;
        }
        if (on.contains(RetryOn.ENVOY_RATELIMITED)
                && response.headers().contains("x-envoy-ratelimited")) {
            return true;
        }
        return grpcStatus(on, response.headers());
    }

    private static boolean grpcStatus(Set<RetryOn> on, HeaderMap headers) {
        String code = headers.get("grpc-status");
        if (code == null) {
            return false;
        }
        return switch (code) {
            case "1" -> on.contains(RetryOn.GRPC_CANCELLED);
            case "4" -> on.contains(RetryOn.GRPC_DEADLINE_EXCEEDED);
            case "8" -> on.contains(RetryOn.GRPC_RESOURCE_EXHAUSTED);
            case "13" -> on.contains(RetryOn.GRPC_INTERNAL);
            case "14" -> on.contains(RetryOn.GRPC_UNAVAILABLE);
            default -> false;
        };
    }

    /** {@code reason} null stands for a try that timed out. */
    static boolean wants(RetryPolicy policy, @Nullable UpstreamReset reason, boolean requestSent) {
        Set<RetryOn> on = policy.on();
        if (reason == UpstreamReset.OVERFLOW) {
            return false;
        }
        if (on.contains(RetryOn.RESET)
                || on.contains(RetryOn.SERVER_ERROR)
                || on.contains(RetryOn.GATEWAY_ERROR)) {
            return true;
        }
        if (on.contains(RetryOn.RESET_BEFORE_REQUEST) && !requestSent) {
            return true;
        }
        if (reason == UpstreamReset.REMOTE_REFUSED) {
            return on.contains(RetryOn.REFUSED_STREAM);
        }
        return on.contains(RetryOn.CONNECT_FAILURE)
                && (reason == UpstreamReset.CONNECT_FAILURE
                        || reason == UpstreamReset.CONNECT_TIMEOUT);
    }

    /** The pause before retry number {@code retry}, from 1: full jitter over a growing interval. */
    static long backOffMillis(RetryPolicy policy, int retry, RandomGenerator random) {
        long base = Math.max(1, policy.backOffBase().toMillis());
        long max = Math.max(base, policy.backOffMax().toMillis());
        long interval = Math.min(max, base * ((1L << Math.min(retry, 30)) - 1));
        return random.nextLong(Math.max(1, interval));
    }

    /** {@code grpc-timeout} in milliseconds; -1 when absent or malformed. */
    static long grpcTimeoutMillis(RequestHead request) {
        String text = request.headers().get("grpc-timeout");
        if (text == null || text.length() < 2 || text.length() > 9) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length() - 1; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return switch (text.charAt(text.length() - 1)) {
            case 'H' -> value * 3_600_000;
            case 'M' -> value * 60_000;
            case 'S' -> value * 1000;
            case 'm' -> value;
            case 'u' -> (value + 999) / 1000;
            case 'n' -> (value + 999_999) / 1_000_000;
            default -> -1;
        };
    }
}
