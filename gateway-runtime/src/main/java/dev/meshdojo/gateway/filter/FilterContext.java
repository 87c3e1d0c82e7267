package dev.meshdojo.gateway.filter;

import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.StreamInfo;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a filter may read and change of the request it looks at; implemented by the exchange. */
public interface FilterContext {

    /** The request head. */
    RequestHead request();

    /** The stream's facts; its dynamic metadata may be written. */
    StreamInfo streamInfo();

    /** The route chosen by now. */
    RouteDecision route();

    /** Makes the next {@link #route()} decide anew, since what routes match on has changed. */
    void clearRouteCache();

    /** Raises a response flag. */
    void raise(ResponseFlag flag);

    /** Whether the whole request was read already. */
    default boolean requestEnded() {
        return false;
    }

    /**
     * Sends a request of the filter's own to a cluster. {@code x-forwarded-for} is the caller's.
     *
     * @param timeout zero for none
     * @param done takes the answer once, on the exchange's loop; null when there is none. Not
     *     called after the exchange ended
     * @return false when there is no such cluster
     */
    default boolean call(
            String cluster,
            RequestHead head,
            byte[] body,
            Duration timeout,
            Consumer<@Nullable SideResponse> done) {
        return false;
    }

    /** A fresh random number, uniform over all longs. */
    long random();

    /** The port of the listener as configured, such as 8080. */
    default int listenerPort() {
        return streamInfo().downstreamLocalAddress().getPort();
    }

    /** The most specific route configuration of a filter, or null when there is none. */
    default @Nullable Object routeConfig(String filterName) {
        return route() instanceof RouteDecision.Matched matched
                ? matched.filterConfig(filterName)
                : null;
    }
}
