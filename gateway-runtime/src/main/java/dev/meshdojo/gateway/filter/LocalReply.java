package dev.meshdojo.gateway.filter;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseFlag;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A response that a filter or the router makes up itself. Whoever sends it adds what every local
 * reply has: content headers, {@code server}, {@code date}, the gRPC form.
 *
 * @param status the HTTP status
 * @param body sent as {@code text/plain}; may be empty
 * @param headers further lines; the receiver owns the map
 * @param details the response code details, such as {@code fault_filter_abort}
 * @param flags raised by this reply
 * @param grpcStatus the status for gRPC clients; null derives it from {@code status}
 */
public record LocalReply(
        int status,
        String body,
        HeaderMap headers,
        String details,
        Set<ResponseFlag> flags,
        @Nullable Integer grpcStatus) {

    /** A reply without further lines. */
    public static LocalReply of(int status, String body, String details, ResponseFlag... flags) {
        return new LocalReply(status, body, new HeaderMap(4), details, Set.of(flags), null);
    }
}
