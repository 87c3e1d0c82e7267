package dev.meshdojo.simulator.scenario;

import dev.meshdojo.simulator.cluster.Connector;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sends one HTTP request over a fresh connection. Implementations are thread-safe and block. */
public interface HttpProbe {

    /** A probe that connects as the lab shell's commands do. */
    static HttpProbe through(Connector connector) {
        return new ConnectorProbe(connector);
    }

    /**
     * Sends and waits for the end of the answer. Never throws for what the network does: that is
     * the outcome.
     */
    Outcome send(ProbeRequest request) throws InterruptedException;

    /**
     * A request.
     *
     * @param host where to connect; also the Host header (with the port, unless 80) when {@code
     *     headers} has none
     * @param path path and query
     * @param headers in order
     * @param body empty for none
     * @param limit for the whole exchange
     */
    record ProbeRequest(
            String method,
            String host,
            int port,
            String path,
            Map<String, String> headers,
            String body,
            Duration limit) {}

    /** What came of it. */
    sealed interface Outcome {

        /**
         * An answer.
         *
         * @param headers by lower-case name, lines in order
         */
        record Response(int status, Map<String, List<String>> headers, String body)
                implements Outcome {}

        /** Nobody accepted the connection. */
        record Refused(String reason) implements Outcome {}

        /** The connection ended, or nothing came, before an answer. */
        record Closed(String reason) implements Outcome {}
    }
}
