package dev.meshdojo.gateway.admin;

/**
 * An admin page. Whoever serves it adds {@code cache-control: no-cache, max-age=0}, {@code
 * x-content-type-options: nosniff}, {@code server: envoy} and {@code date}.
 *
 * @param status the HTTP status
 * @param contentType such as {@code application/json}
 * @param body the whole body
 */
public record AdminResponse(int status, String contentType, String body) {

    static final String TEXT = "text/plain; charset=UTF-8";
    static final String JSON = "application/json";

    /** An answer without a page. */
    public static AdminResponse empty(int status) {
        return new AdminResponse(status, TEXT, "");
    }

    static AdminResponse text(int status, String body) {
        return new AdminResponse(status, TEXT, body);
    }

    static AdminResponse json(String body) {
        return new AdminResponse(200, JSON, body);
    }
}
