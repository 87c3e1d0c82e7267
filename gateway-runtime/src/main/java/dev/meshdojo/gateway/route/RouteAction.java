package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.RequestHead;
import org.jspecify.annotations.Nullable;

/** What a matched route does. */
public sealed interface RouteAction
        permits ForwardAction, RouteAction.Redirect, RouteAction.DirectResponse, RouteAction.None {

    /**
     * Answers with a redirect: empty body, details {@code direct_response}.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param rule makes the location
     */
    record Redirect(int status, RedirectRule rule) implements RouteAction {

        /** The value of {@code location}. */
        public String location(RequestHead request) {
            return rule.location(request);
        }
    }

    /**
     * Answers with a fixed response, details {@code direct_response}.
     *
     * @param status the status
     * @param body sent as it is, with {@code content-type: text/plain}; null or empty for none
     */
    @SuppressWarnings("ArrayRecordComponent") // Written to the wire as it is, never compared.
    record DirectResponse(int status, byte @Nullable [] body) implements RouteAction {

        /** The value of {@code location}, which statuses 201 and 3xx carry; null for others. */
        public @Nullable String location(RequestHead request) {
            return status == 201 || status / 100 == 3
                    ? RedirectRule.NOTHING.location(request)
                    : null;
        }
    }

    /** Does nothing: a non-forwarding route or a filter action, which a gateway never runs. */
    record None() implements RouteAction {}
}
