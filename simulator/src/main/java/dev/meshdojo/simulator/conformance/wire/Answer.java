package dev.meshdojo.simulator.conformance.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came back on a connection.
 *
 * @param outcome {@code response}, {@code refused}, {@code closed}, {@code tls-alert}, {@code
 *     not-tls}, {@code not-http}, {@code data}, {@code stream-reset} or {@code timeout}
 * @param detail the alert, the reset's code, or the data; empty otherwise
 * @param status HTTP status; 0 without a response
 * @param interim statuses of interim responses, in order
 * @param headers response headers, names in lower case, in order
 * @param trailers likewise
 * @param body the body as Latin-1 text, so that no byte is lost
 * @param closed whether the server closed the connection after its answer
 * @param tls the TLS session; null without one
 */
public record Answer(
        String outcome,
        String detail,
        int status,
        List<Integer> interim,
        List<Header> headers,
        List<Header> trailers,
        String body,
        boolean closed,
        @Nullable TlsFacts tls) {

    /** One header line. */
    public record Header(String name, String value) {}

    public Answer {
        interim = List.copyOf(interim);
        headers = List.copyOf(headers);
        trailers = List.copyOf(trailers);
    }

    static Answer of(String outcome, String detail, @Nullable TlsFacts tls) {
        return new Answer(outcome, detail, 0, List.of(), List.of(), List.of(), "", false, tls);
    }
}
