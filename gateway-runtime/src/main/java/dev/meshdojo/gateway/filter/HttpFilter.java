package dev.meshdojo.gateway.filter;

import dev.meshdojo.gateway.stream.ResponseHead;

/**
 * One compiled HTTP filter: immutable, shared by all requests of a listener, never blocking. State
 * that belongs to one request lives in the context.
 */
public interface HttpFilter {

    /**
     * The name by which routes address its configuration, such as {@code envoy.filters.http.cors}.
     */
    String name();

    /** Looks at a request whose head is complete. */
    FilterResult onRequest(FilterContext context);

    /**
     * Looks at the head of the response, whether it came from the upstream or from a later filter
     * or the router. Called in reverse order, and only when {@link #onRequest} let the request
     * pass.
     */
    default void onResponse(FilterContext context, ResponseHead response) {}
}
