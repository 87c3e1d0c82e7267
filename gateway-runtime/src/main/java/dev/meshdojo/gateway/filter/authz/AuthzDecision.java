package dev.meshdojo.gateway.filter.authz;

import com.google.protobuf.Struct;
import dev.meshdojo.gateway.stream.HeaderMap;
import java.util.List;
import java.util.Map;

/** What an authorization service says. */
sealed interface AuthzDecision {

    /** A line and how it joins those of its name. */
    record Line(String name, String value, Join join) {}

    /** How a line joins those of its name. */
    enum Join {
        SET,
        ADD,
        JOIN_IF_PRESENT,
        ADD_IF_ABSENT,
        SET_IF_PRESENT
    }

    /**
     * The request goes on.
     *
     * @param request lines for the upstream
     * @param removed names that the upstream does not get
     * @param response lines for the client
     * @param querySet query parameters to set
     * @param queryRemoved query parameters to drop
     * @param metadata for later filters and logs
     */
    record Allowed(
            List<Line> request,
            List<String> removed,
            List<Line> response,
            Map<String, String> querySet,
            List<String> queryRemoved,
            Struct metadata)
            implements AuthzDecision {

        public Allowed {
            request = List.copyOf(request);
            removed = List.copyOf(removed);
            response = List.copyOf(response);
            queryRemoved = List.copyOf(queryRemoved);
        }

        boolean changesRequest() {
            return !request.isEmpty()
                    || !removed.isEmpty()
                    || !querySet.isEmpty()
                    || !queryRemoved.isEmpty();
        }
    }

    /**
     * The client is answered.
     *
     * @param headers the answer's own lines; the receiver owns the map
     */
    record Denied(int status, HeaderMap headers, String body, Struct metadata)
            implements AuthzDecision {}

    /** There is no decision. */
    record Failed() implements AuthzDecision {}
}
