package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseFlag;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when an upstream fails: the one place for statuses, texts, flags and
 * details.
 *
 * <p>Source: Envoy's router filter; recorded outcomes.
 */
final class UpstreamFailure {

    static final LocalReply NO_ROUTE =
            LocalReply.of(404, "", "route_not_found", ResponseFlag.NO_ROUTE_FOUND);
    static final LocalReply NO_HEALTHY_UPSTREAM =
            LocalReply.of(
                    503,
                    "no healthy upstream",
                    "no_healthy_upstream",
                    ResponseFlag.NO_HEALTHY_UPSTREAM);

    private UpstreamFailure() {}

    static LocalReply noCluster(int status) {
        return LocalReply.of(status, "", "cluster_not_found", ResponseFlag.NO_CLUSTER_FOUND);
    }

    static LocalReply timeout(boolean perTry) {
        return LocalReply.of(
                504,
                "upstream request timeout",
                perTry ? "upstream_per_try_timeout" : "response_timeout",
                ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
    }

    /** The reply to a reset before the response began. */
    static LocalReply reset(
            UpstreamReset reason, @Nullable String transportFailure, boolean retried) {
        HeaderMap headers = new HeaderMap(4);
        if (reason == UpstreamReset.OVERFLOW) {
            headers.add("x-envoy-overloaded", "true");
        }
        return new LocalReply(
                reason == UpstreamReset.PROTOCOL_ERROR ? 502 : 503,
                "upstream connect error or disconnect/reset before headers. "
                        + (retried ? "retried and the latest " : "")
                        + "reset reason: "
                        + reason.words(),
                headers,
                details("upstream_reset_before_response_started", reason, transportFailure),
                Set.of(flag(reason)),
                null);
    }

    static String details(String when, UpstreamReset reason, @Nullable String transportFailure) {
        String why =
                transportFailure == null
                        ? reason.details()
                        : reason.details() + "|" + transportFailure;
        return (when + "{" + why + "}").replace(' ', '_');
    }

    static ResponseFlag flag(UpstreamReset reason) {
        return switch (reason) {
            case CONNECT_FAILURE, CONNECT_TIMEOUT -> ResponseFlag.UPSTREAM_CONNECTION_FAILURE;
            case CONNECTION_TERMINATION -> ResponseFlag.UPSTREAM_CONNECTION_TERMINATION;
            case REMOTE_RESET, REMOTE_REFUSED -> ResponseFlag.UPSTREAM_REMOTE_RESET;
            case PROTOCOL_ERROR -> ResponseFlag.UPSTREAM_PROTOCOL_ERROR;
            case OVERFLOW -> ResponseFlag.UPSTREAM_OVERFLOW;
        };
    }
}
