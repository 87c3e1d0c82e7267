package dev.meshdojo.gateway.filter.authz;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.stream.RequestHead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How an authorization service is asked. Immutable and thread-safe. */
interface AuthzService {

    /**
     * What is sent to it.
     *
     * @param body may be empty
     */
    @SuppressWarnings("ArrayRecordComponent") // made once, sent once
    record Question(RequestHead head, byte[] body) {}

    /** The cluster. */
    String cluster();

    /** How long it may take; zero for ever. */
    Duration timeout();

    /**
     * What to ask about the request.
     *
     * @param body what of the request's body it is to see, or null when none
     */
    Question ask(FilterContext context, @Nullable AuthzBody body);

    /** What an answer means; null when there is none. */
    AuthzDecision decide(@Nullable SideResponse answer);
}
