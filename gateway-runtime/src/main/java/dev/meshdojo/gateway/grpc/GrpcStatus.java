package dev.meshdojo.gateway.grpc;

/**
 * How a call ended.
 *
 * @param code gRPC's number, 0 for OK
 * @param message what the other side, or the proxy for it, said
 */
public record GrpcStatus(int code, String message) {

    /** INTERNAL: the answer was no gRPC. */
    public static final int INTERNAL = 13;

    /** UNAVAILABLE: there was no answer. */
    public static final int UNAVAILABLE = 14;

    /** What an HTTP status means that came without a gRPC status. */
    static GrpcStatus ofHttp(int status) {
        int code =
                switch (status) {
                    case 400 -> INTERNAL;
                    case 401 -> 16;
                    case 403 -> 7;
                    case 404 -> 12;
                    case 429, 502, 503, 504 -> UNAVAILABLE;
                    default -> 2;
                };
        return new GrpcStatus(code, "HTTP status " + status + " instead of a gRPC status");
    }
}
