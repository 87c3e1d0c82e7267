package dev.meshdojo.gateway.filter;

import dev.meshdojo.gateway.stream.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * One compiled HTTP filter: immutable, shared by all requests of a listener, never blocking. A
 * filter with state of its own for each request gives another one out of {@link #forExchange}.
 */
public interface HttpFilter {

    /**
     * The name by which routes address its configuration, such as {@code envoy.filters.http.cors}.
     */
    String name();

    /** The filter that serves one exchange; this one when it keeps no state. */
    default HttpFilter forExchange(FilterContext context) {
        return this;
    }

    /**
     * Looks at a request whose head is complete. {@link FilterResult.Body} and {@link
     * FilterResult.Await} speak of the request.
     */
    FilterResult onRequest(FilterContext context);

    /**
     * Looks at the head of the response, whether it came from the upstream, from another filter or
     * from the router. Called in reverse order, also when the request never got to this filter.
     */
    default void onResponse(FilterContext context, ResponseHead response) {}

    /**
     * As {@link #onResponse}, for filters that may hold the response. {@link FilterResult.Body} and
     * {@link FilterResult.Await} speak of the response.
     *
     * @param end whether the response has no body
     */
    default FilterResult onResponse(FilterContext context, ResponseHead response, boolean end) {
        onResponse(context, response);
        return FilterResult.proceed();
    }

    /** Whether responses must be able to wait for this filter, or be rewritten by it. */
    default boolean holdsResponses() {
        return false;
    }

    /** What rewrites the request's body; asked once, after the head passed. Null for nothing. */
    default @Nullable BodyTransform requestBody() {
        return null;
    }

    /** What rewrites the response's body; asked once, after the head passed. Null for nothing. */
    default @Nullable BodyTransform responseBody() {
        return null;
    }
}
