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

    static LocalReply timeout() {
        return timeout("response_timeout");
    }

    private static LocalReply timeout(String details) {
        return LocalReply.of(
                504, "upstream request timeout", details, ResponseFlag.UPSTREAM_REQUEST_TIMEOUT);
    }

    /** What ends a request whose last try took too long. */
    static LocalReply expired(AttemptClocks.Expiry expiry, boolean requestEnded) {
        return switch (expiry) {
            case PER_TRY -> timeout("upstream_per_try_timeout");
            case PER_TRY_IDLE -> timeout("upstream_per_try_idle_timeout");
            case MAX_STREAM_DURATION ->
                    LocalReply.of(
                            requestEnded ? 504 : 408,
                            "upstream max stream duration reached",
                            "upstream_max_stream_duration_reached",
                            ResponseFlag.UPSTREAM_MAX_STREAM_DURATION_REACHED);
        };
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
