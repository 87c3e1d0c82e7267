package dev.meshdojo.gateway.telemetry;

import dev.meshdojo.gateway.stream.ResponseFlag;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One finished exchange, or TCP connection, as a screen or a report shows it. Immutable.
 *
 * @param id unique in this gateway, ascending
 * @param start when its first byte was read
 * @param duration until it ended
 * @param connection where it came in
 * @param request what was asked; null for a TCP connection
 * @param route what was decided; null when no route table was asked
 * @param attempts every try upstream, mirrors excluded, in order
 * @param response what was answered
 */
public record TrafficEvent(
        long id,
        Instant start,
        Duration duration,
        Connection connection,
        @Nullable Request request,
        @Nullable RouteChoice route,
        List<Attempt> attempts,
        Response response) {

    public TrafficEvent {
        attempts = List.copyOf(attempts);
    }

    /** One header line. */
    public record Line(String name, String value) {}

    /**
     * The client's connection.
     *
     * @param id its number
     * @param listener the listener's name
     * @param filterChain the filter chain's name; empty when it has none
     * @param remoteAddress the client's, {@code ip:port}
     * @param localAddress ours, {@code ip:port}
     * @param serverName SNI; null when there was none
     * @param tlsVersion null on plain text
     */
    public record Connection(
            long id,
            String listener,
            String filterChain,
            String remoteAddress,
            String localAddress,
            @Nullable String serverName,
            @Nullable String tlsVersion) {}

    /**
     * The request.
     *
     * @param protocol such as {@code HTTP/1.1}
     * @param path as received, after normalisation
     * @param headers as received
     * @param bytes body bytes
     */
    public record Request(
            String protocol,
            String method,
            String scheme,
            String authority,
            String path,
            List<Line> headers,
            long bytes) {

        public Request {
            headers = List.copyOf(headers);
        }
    }

    /**
     * The routing decision.
     *
     * @param table the route table's name
     * @param virtualHost null when no virtual host matched
     * @param route the route's name; empty when it has none, null when none matched
     * @param origin the Istio object the route comes from; null when unknown
     * @param cluster the cluster; null unless the route forwards
     * @param considered the routes looked at, in order, the chosen one last; empty unless the
     *     runtime explains
     */
    public record RouteChoice(
            String table,
            @Nullable String virtualHost,
            @Nullable String route,
            @Nullable String origin,
            @Nullable String cluster,
            List<Considered> considered) {

        public RouteChoice {
            considered = List.copyOf(considered);
        }
    }

    /**
     * A route that was looked at.
     *
     * @param route its name; empty when it has none
     * @param origin the Istio object it comes from; null when unknown
     * @param conditions what it asks for, in words
     * @param failed the first condition that did not hold; null for the chosen route
     * @param observed what the request had in its place; null likewise
     */
    public record Considered(
            String route,
            @Nullable String origin,
            List<String> conditions,
            @Nullable String failed,
            @Nullable String observed) {

        public Considered {
            conditions = List.copyOf(conditions);
        }
    }

    /**
     * One try.
     *
     * @param host the endpoint, {@code ip:port}; null when none could be chosen
     * @param offset from the exchange's start
     * @param duration of the try
     * @param status the upstream's; 0 when it did not answer
     * @param failure why it did not answer; null when it did
     */
    public record Attempt(
            @Nullable String host,
            Duration offset,
            Duration duration,
            int status,
            @Nullable String failure) {}

    /**
     * The answer.
     *
     * @param status 0 when none was sent
     * @param details the response code details
     * @param flags in no particular order
     * @param headers as sent
     * @param bytes body bytes
     */
    public record Response(
            int status,
            @Nullable String details,
            Set<ResponseFlag> flags,
            List<Line> headers,
            long bytes) {

        public Response {
            flags = Set.copyOf(flags);
            headers = List.copyOf(headers);
        }
    }
}
