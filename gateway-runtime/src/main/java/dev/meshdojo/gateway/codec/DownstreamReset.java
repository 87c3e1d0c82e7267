package dev.meshdojo.gateway.codec;

/** How the client's side of a request ended early. */
public enum DownstreamReset {
    /** The connection closed. */
    DISCONNECT("downstream_remote_disconnect"),
    /** The client reset the stream. */
    REMOTE_RESET("http2.remote_reset"),
    /** The client refused the stream. */
    REMOTE_REFUSE("http2.remote_refuse"),
    /** Our own codec broke the stream off. */
    HEADER_LIST_TOO_LARGE("http2.header_list_size_too_large"),
    /** Too many lines on HTTP/2. */
    TOO_MANY_HEADERS("http2.too_many_headers"),
    /** The client broke HTTP/2. */
    INVALID_HTTP2("http2.violation.of.messaging.rule"),
    /** A header of HTTP/2 has characters that it must not have. */
    INVALID_HEADER("http2.invalid.header.field"),
    /** The runtime closed. */
    LOCAL_CLOSE("downstream_local_disconnect");

    private final String details;

    DownstreamReset(String details) {
        this.details = details;
    }

    /** What the log says. */
    public String details() {
        return details;
    }
}
