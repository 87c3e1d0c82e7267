package dev.meshdojo.gateway.stream;

import java.util.Set;

/**
 * Why a response is what it is. Several are printed in this order: Envoy prints flags in the order
 * in which they were raised, and of those that occur together these two are always raised first.
 *
 * <p>Source: Envoy access log documentation, {@code %RESPONSE_FLAGS%}; recorded outcomes.
 */
public enum ResponseFlag {
    /** The fault filter delayed the request. */
    DELAY_INJECTED("DI", "DelayInjected"),
    /** Retries were used up. */
    UPSTREAM_RETRY_LIMIT_EXCEEDED("URX", "UpstreamRetryLimitExceeded"),
    /** Local health check failed. */
    FAILED_LOCAL_HEALTH_CHECK("LH", "FailedLocalHealthCheck"),
    /** No healthy endpoint in the cluster. */
    NO_HEALTHY_UPSTREAM("UH", "NoHealthyUpstream"),
    /** A route, per-try or other upstream timeout. */
    UPSTREAM_REQUEST_TIMEOUT("UT", "UpstreamRequestTimeout"),
    /** The gateway reset the upstream stream. */
    LOCAL_RESET("LR", "LocalReset"),
    /** The upstream reset the stream. */
    UPSTREAM_REMOTE_RESET("UR", "UpstreamRemoteReset"),
    /** No connection to the upstream. */
    UPSTREAM_CONNECTION_FAILURE("UF", "UpstreamConnectionFailure"),
    /** The upstream closed the connection. */
    UPSTREAM_CONNECTION_TERMINATION("UC", "UpstreamConnectionTermination"),
    /** A circuit breaker was open. */
    UPSTREAM_OVERFLOW("UO", "UpstreamOverflow"),
    /** No route matched, or no filter chain. */
    NO_ROUTE_FOUND("NR", "NoRouteFound"),
    /** The fault filter aborted the request. */
    FAULT_INJECTED("FI", "FaultInjected"),
    /** Rate limited. */
    RATE_LIMITED("RL", "RateLimited"),
    /** The external authorization service denied the request. */
    UNAUTHORIZED_EXTERNAL_SERVICE("UAEX", "UnauthorizedExternalService"),
    /** The rate limit service failed. */
    RATELIMIT_SERVICE_ERROR("RLSE", "RateLimitServiceError"),
    /** The client closed the connection. */
    DOWNSTREAM_CONNECTION_TERMINATION("DC", "DownstreamConnectionTermination"),
    /** The stream was idle for too long. */
    STREAM_IDLE_TIMEOUT("SI", "StreamIdleTimeout"),
    /** An {@code x-envoy-*} header has an invalid value. */
    INVALID_ENVOY_REQUEST_HEADERS("IH", "InvalidEnvoyRequestHeaders"),
    /** The client broke the HTTP protocol. */
    DOWNSTREAM_PROTOCOL_ERROR("DPE", "DownstreamProtocolError"),
    /** The upstream stream lasted too long. */
    UPSTREAM_MAX_STREAM_DURATION_REACHED("UMSDR", "UpstreamMaxStreamDurationReached"),
    /** The response came from a cache. */
    RESPONSE_FROM_CACHE_FILTER("RFCF", "ResponseFromCacheFilter"),
    /** A filter's configuration never arrived. */
    NO_FILTER_CONFIG_FOUND("NFCF", "NoFilterConfigFound"),
    /** A connection lasted too long. */
    DURATION_TIMEOUT("DT", "DurationTimeout"),
    /** The upstream broke the HTTP protocol. */
    UPSTREAM_PROTOCOL_ERROR("UPE", "UpstreamProtocolError"),
    /** The route's cluster does not exist. */
    NO_CLUSTER_FOUND("NC", "NoClusterFound"),
    /** The overload manager ended the stream. */
    OVERLOAD_MANAGER("OM", "OverloadManagerTerminated"),
    /** DNS resolution failed. */
    DNS_RESOLUTION_FAILURE("DF", "DnsResolutionFailed"),
    /** The upstream address is not allowed. */
    DROP_OVERLOAD("DO", "DropOverload"),
    /** The client reset the stream. */
    DOWNSTREAM_REMOTE_RESET("DR", "DownstreamRemoteReset"),
    /** Unconditional drop of overload. */
    UNCONDITIONAL_DROP_OVERLOAD("UDO", "UnconditionalDropOverload");

    private final String code;
    private final String longName;

    ResponseFlag(String code, String longName) {
        this.code = code;
        this.longName = longName;
    }

    /** The short form of access logs and metrics, such as {@code NR}. */
    public String code() {
        return code;
    }

    /** The form of {@code %RESPONSE_FLAGS_LONG%}, such as {@code NoRouteFound}. */
    public String longName() {
        return longName;
    }

    /** The flags as Envoy prints them: in the order raised, comma-joined, {@code -} for none. */
    public static String print(Set<ResponseFlag> flags) {
        if (flags.isEmpty()) {
            return "-";
        }
        StringBuilder text = new StringBuilder();
        for (ResponseFlag flag : flags) {
            text.append(text.isEmpty() ? "" : ",").append(flag.code);
        }
        return text.toString();
    }
}
