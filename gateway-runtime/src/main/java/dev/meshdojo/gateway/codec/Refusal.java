package dev.meshdojo.gateway.codec;

/**
 * Why a codec refuses a message. The words are what {@code %RESPONSE_CODE_DETAILS%} prints.
 *
 * <p>Source: Envoy's {@code Http1ResponseCodeDetails} and recorded outcomes.
 */
public enum Refusal {
    /** The bytes are no HTTP. */
    CODEC_ERROR(400, "Bad Request", "http1.codec_error", true),
    /** Both framings at once. */
    LENGTH_AND_CHUNKED(400, "Bad Request", "http1.content_length_and_chunked_not_allowed", true),
    /** A transfer coding other than chunked. */
    TRANSFER_ENCODING(501, "Not Implemented", "http1.invalid_transfer_encoding", true),
    /** A CONNECT with a body length. */
    BODY_DISALLOWED(400, "Bad Request", "http1.body_disallowed", true),
    /** A control character in a value. */
    INVALID_CHARACTERS(400, "Bad Request", "http1.invalid_characters", true),
    /** An absolute form that is no URL. */
    INVALID_URL(400, "Bad Request", "http1.invalid_url", true),
    /** An absolute form with a scheme other than http and https. */
    INVALID_SCHEME(400, "Bad Request", "http1.invalid_scheme", true),
    /** An https URL on plain text. */
    HTTPS_ON_PLAINTEXT(403, "Forbidden", "http1.https_url_on_plaintext_connection", true),
    /** Too many bytes of headers. */
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large", "http1.headers_too_large", true),
    /** Too many header lines. */
    TOO_MANY_HEADERS(431, "Request Header Fields Too Large", "http1.too_many_headers", true),
    /** Connection names headers that must not be dropped. */
    CONNECTION_HEADER(400, "Bad Request", "http1.connection_header_rejected", true),
    /** Characters in Host that no authority has. */
    INVALID_AUTHORITY(400, "Bad Request", "http.invalid_authority", true),
    /** HTTP/1.0. */
    LOW_VERSION(426, "Upgrade Required", "low_version", true),
    /** The head did not come in time. */
    HEADERS_TIMEOUT(408, "request header timeout", "request_header_timeout", false),
    /** The request did not come in time. */
    REQUEST_TIMEOUT(408, "request timeout", "request_overall_timeout", false),
    /** Nothing came for too long. */
    STREAM_IDLE(408, "stream timeout", "stream_idle_timeout", false),
    /** The stream lasted too long. */
    MAX_DURATION(408, "downstream duration timeout", "max_duration_timeout", false),
    /** HTTP/1.1 without Host. */
    MISSING_HOST(400, "", "missing_host_header", false);

    private final int status;
    private final String body;
    private final String details;
    private final boolean protocolError;

    Refusal(int status, String body, String details, boolean protocolError) {
        this.status = status;
        this.body = body;
        this.details = details;
        this.protocolError = protocolError;
    }

    /** The status that answers it. */
    public int status() {
        return status;
    }

    /** The body that answers it. */
    public String body() {
        return body;
    }

    /** What the log says. */
    public String details() {
        return details;
    }

    /** Whether it raises the flag DPE. */
    public boolean protocolError() {
        return protocolError;
    }
}
