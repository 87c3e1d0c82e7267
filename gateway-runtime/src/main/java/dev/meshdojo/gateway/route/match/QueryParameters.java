package dev.meshdojo.gateway.route.match;

import java.util.LinkedHashMap;
import java.util.Map;

/** Query parameters as routing sees them: raw text, first occurrence of a name. */
public final class QueryParameters {

    private QueryParameters() {}

    /** Names and raw values of the query of {@code path}; {@code ?x} is the same as {@code ?x=}. */
    public static Map<String, String> parse(String path) {
        int start = path.indexOf('?');
        if (start < 0) {
            return Map.of();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        int position = start + 1;
        while (position < path.length()) {
            int end = path.indexOf('&', position);
            end = end < 0 ? path.length() : end;
            int equals = path.indexOf('=', position);
            if (equals >= 0 && equals < end) {
                parameters.putIfAbsent(
                        path.substring(position, equals), path.substring(equals + 1, end));
            } else {
                parameters.putIfAbsent(path.substring(position, end), "");
            }
            position = end + 1;
        }
        return parameters;
    }
}
