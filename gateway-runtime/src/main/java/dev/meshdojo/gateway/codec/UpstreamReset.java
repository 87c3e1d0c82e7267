package dev.meshdojo.gateway.codec;

/** How an upstream stream ended early, in the words of Envoy's reset reasons. */
public enum UpstreamReset {
    /** The connection closed. */
    CONNECTION_TERMINATION("connection termination"),
    /** The upstream reset the stream. */
    REMOTE_RESET("remote reset"),
    /** The upstream refused the stream before processing it. */
    REMOTE_REFUSED("remote refused stream reset"),
    /** The upstream's bytes are no HTTP. */
    PROTOCOL_ERROR("protocol error"),
    /** The connection could not be opened. */
    CONNECT_FAILURE("remote connection failure"),
    /** The connection was not open in time. */
    CONNECT_TIMEOUT("connection timeout"),
    /** A circuit breaker is open. */
    OVERFLOW("overflow");

    private final String words;

    UpstreamReset(String words) {
        this.words = words;
    }

    /** As local replies say it. */
    public String words() {
        return words;
    }

    /** As the log's details say it. */
    public String details() {
        return words.replace(' ', '_');
    }
}
