package dev.meshdojo.gateway.stream;

import org.jspecify.annotations.Nullable;

/**
 * The head of one request, after the connection manager normalised its path and set its own
 * headers. Filters and routing rewrite it on its way upstream. Not thread-safe: owned by one
 * stream.
 */
public final class RequestHead {

    private String method;
    private String scheme;
    private @Nullable String authority;
    private String path;
    private final HeaderMap headers;

    /**
     * A head that takes over {@code headers}.
     *
     * @param method as sent, such as {@code GET}
     * @param scheme {@code http} or {@code https}; empty when the client sent none
     * @param authority Host as sent, port and letter case included; null when the client sent none
     * @param path path with query, without fragment
     * @param headers all other lines; no pseudo-header and no {@code host}
     */
    public RequestHead(
            String method,
            String scheme,
            @Nullable String authority,
            String path,
            HeaderMap headers) {
        this.method = method;
        this.scheme = scheme;
        this.authority = authority;
        this.path = path;
        this.headers = headers;
    }

    /** An independent copy; mirrors and retries need one. */
    public RequestHead copy() {
        return new RequestHead(method, scheme, authority, path, headers.copy());
    }

    /** The method as sent. */
    public String method() {
        return method;
    }

    /** Replaces the method. */
    public void method(String method) {
        this.method = method;
    }

    /** {@code http} or {@code https}: what {@code :scheme} says. */
    public String scheme() {
        return scheme;
    }

    /** Replaces the scheme. */
    public void scheme(String scheme) {
        this.scheme = scheme;
    }

    /** Host with port, as sent or as rewritten since; empty when the client sent none. */
    public String authority() {
        String given = authority;
        return given == null ? "" : given;
    }

    /** Replaces the authority. */
    public void authority(String authority) {
        this.authority = authority;
    }

    /** Path with query, as sent or as rewritten since; never a fragment. */
    public String path() {
        return path;
    }

    /** Replaces path and query. */
    public void path(String path) {
        this.path = path;
    }

    /** All lines that are neither pseudo-headers nor {@code host}. */
    public HeaderMap headers() {
        return headers;
    }

    /** The path up to, and without, its query. */
    public String pathWithoutQuery() {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /**
     * The first value of a header, pseudo-headers and {@code host} (which stands for {@code
     * :authority}) included; null when absent.
     */
    public @Nullable String first(String lowerCaseName) {
        String pseudo = pseudo(lowerCaseName);
        return pseudo != null ? pseudo : headers.get(lowerCaseName);
    }

    /** The value of a pseudo-header or of {@code host}; null for any other name. */
    public @Nullable String pseudo(String lowerCaseName) {
        return switch (lowerCaseName) {
            case ":method" -> method;
            case ":path" -> path.isEmpty() ? null : path; // CONNECT has none
            case ":authority", "host" -> authority;
            case ":scheme" -> scheme;
            default -> null;
        };
    }

    /** Whether this is a gRPC request: {@code content-type: application/grpc[+…]}. */
    public boolean grpc() {
        String type = headers.get("content-type");
        return type != null
                && type.startsWith("application/grpc")
                && (type.length() == 16 || type.charAt(16) == '+');
    }
}
