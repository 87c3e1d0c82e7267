package dev.meshdojo.simulator.apiserver;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated HTTP request.
 *
 * @param method in upper case
 * @param path decoded, without query
 * @param query decoded parameters in order of appearance
 * @param headers as sent
 * @param body empty when there is none
 * @param user who asks
 */
@SuppressWarnings("ArrayRecordComponent")
public record ApiRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        HttpHeaders headers,
        byte[] body,
        UserInfo user) {

    /** A parameter's first value, or null. */
    public @Nullable String parameter(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    /** A parameter's first value, or a default. */
    public String parameter(String name, String fallback) {
        String value = parameter(name);
        return value == null ? fallback : value;
    }

    /** A header's first value, or an empty text. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }
}
