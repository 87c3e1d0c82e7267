package dev.meshdojo.simulator.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was answered as it was.
 *
 * @param request as given
 * @param gateway the gateway's Service, {@code namespace/name}
 * @param outcome the status, or what happened to the connection
 * @param details Envoy's response code details and flags; empty when no request arrived
 * @param listener the listener's name; null when no request arrived
 * @param table the route table's name; null likewise
 * @param virtualHost null when none covers the host
 * @param considered the routes looked at, in order
 * @param cluster where the request was sent; null when nowhere
 * @param endpoint the endpoint that was tried last; null when none was
 * @param hint what to look at when no route answered; empty otherwise
 */
public record Explanation(
        String request,
        String gateway,
        String outcome,
        String details,
        @Nullable String listener,
        @Nullable String table,
        @Nullable String virtualHost,
        List<Step> considered,
        @Nullable String cluster,
        @Nullable String endpoint,
        String hint) {

    public Explanation {
        considered = List.copyOf(considered);
    }

    /** Whether a route matched. */
    public boolean matched() {
        return !considered.isEmpty() && considered.getLast().failed() == null;
    }

    /**
     * A route that was looked at.
     *
     * @param route its name, empty when it has none
     * @param origin {@code VirtualService namespace/name}; empty when unknown
     * @param line {@code file:line}; null when the object is in none of the files
     * @param conditions what it asks for
     * @param failed the condition that did not hold; null for the route that matched
     * @param observed what the request had instead; null likewise
     */
    public record Step(
            String route,
            String origin,
            @Nullable String line,
            List<String> conditions,
            @Nullable String failed,
            @Nullable String observed) {

        public Step {
            conditions = List.copyOf(conditions);
        }
    }
}
