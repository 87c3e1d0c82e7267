package dev.meshdojo.gateway.stream;

/**
 * The head of a response on its way to the client. Filters and header operations change it. Not
 * thread-safe: owned by one stream.
 */
public final class ResponseHead {

    private int status;
    private final HeaderMap headers;

    /**
     * A head that takes over {@code headers}.
     *
     * @param status the status code
     * @param headers all header lines but {@code :status}
     */
    public ResponseHead(int status, HeaderMap headers) {
        this.status = status;
        this.headers = headers;
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** Replaces the status code. */
    public void status(int code) {
        this.status = code;
    }

    /** All header lines but {@code :status}. */
    public HeaderMap headers() {
        return headers;
    }
}
