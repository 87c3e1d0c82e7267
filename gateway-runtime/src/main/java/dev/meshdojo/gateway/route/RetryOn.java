package dev.meshdojo.gateway.route;

import java.util.EnumSet;
import java.util.Set;

/** Retry conditions by the names of {@code x-envoy-retry-on} and {@code x-envoy-retry-grpc-on}. */
public enum RetryOn {
    SERVER_ERROR("5xx"),
    GATEWAY_ERROR("gateway-error"),
    RESET("reset"),
    RESET_BEFORE_REQUEST("reset-before-request"),
    CONNECT_FAILURE("connect-failure"),
    ENVOY_RATELIMITED("envoy-ratelimited"),
    RETRIABLE_4XX("retriable-4xx"),
    REFUSED_STREAM("refused-stream"),
    RETRIABLE_STATUS_CODES("retriable-status-codes"),
    RETRIABLE_HEADERS("retriable-headers"),
    HTTP3_POST_CONNECT_FAILURE("http3-post-connect-failure"),
    GRPC_CANCELLED("cancelled"),
    GRPC_DEADLINE_EXCEEDED("deadline-exceeded"),
    GRPC_INTERNAL("internal"),
    GRPC_RESOURCE_EXHAUSTED("resource-exhausted"),
    GRPC_UNAVAILABLE("unavailable");

    private final String token;

    RetryOn(String token) {
        this.token = token;
    }

    /** The condition's name in {@code retry_on}. */
    public String token() {
        return token;
    }

    /** The conditions of a comma-separated list; unknown names are passed over, as Envoy does. */
    public static Set<RetryOn> parse(String list) {
        Set<RetryOn> conditions = EnumSet.noneOf(RetryOn.class);
        for (String name : list.split(",")) {
            for (RetryOn condition : values()) {
                if (condition.token.equals(name.trim())) {
                    conditions.add(condition);
                }
            }
        }
        return conditions;
    }
}
