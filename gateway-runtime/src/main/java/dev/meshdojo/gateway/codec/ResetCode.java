package dev.meshdojo.gateway.codec;

/** HTTP/2 error codes that Envoy sends; HTTP/1 closes for each of them. */
public enum ResetCode {
    /** Nothing is wrong, the stream is over. */
    NO_ERROR(0),
    /** The peer broke the protocol. */
    PROTOCOL_ERROR(1),
    /** Something failed here or upstream. */
    INTERNAL_ERROR(2),
    /** Not processed at all. */
    REFUSED_STREAM(7),
    /** No longer wanted. */
    CANCEL(8);

    private final int code;

    ResetCode(int code) {
        this.code = code;
    }

    /** The code on the wire. */
    public int code() {
        return code;
    }
}
