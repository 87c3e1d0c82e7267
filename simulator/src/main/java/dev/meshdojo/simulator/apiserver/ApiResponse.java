package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An HTTP answer.
 *
 * @param status HTTP status code
 * @param contentType media type with parameters
 * @param headers further headers
 * @param body what follows
 */
public record ApiResponse(
        int status, String contentType, Map<String, List<String>> headers, Body body) {

    public ApiResponse {
        headers = Map.copyOf(headers);
    }

    /** A text answer. */
    public static ApiResponse text(int status, String text) {
        return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer of given bytes. */
    public static ApiResponse bytes(int status, String contentType, byte[] bytes) {
        return new ApiResponse(status, contentType, Map.of(), new Bytes(bytes));
    }

    /**
     * A JSON answer. Printed over several lines for {@code ?pretty=true} and for browsers and curl,
     * as Kubernetes does.
     */
    public static ApiResponse json(int status, JsonNode json) {
        return new ApiResponse(status, "application/json", Map.of(), new Json(json));
    }

    /** The same answer with one more header. */
    public ApiResponse with(String name, List<String> values) {
        Map<String, List<String>> more = new java.util.TreeMap<>(headers);
        more.put(name, values);
        return new ApiResponse(status, contentType, more, body);
    }

    /** What an answer carries. */
    public sealed interface Body {}

    /** Bytes of known length; not to be changed. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Bytes(byte[] bytes) implements Body {}

    /** JSON, encoded when sent; shared, not to be changed. */
    public record Json(JsonNode json) implements Body {}

    /** A stream sent chunk by chunk as it yields, closed at its end or when the client leaves. */
    public record Stream(InputStream stream) implements Body {}
}
