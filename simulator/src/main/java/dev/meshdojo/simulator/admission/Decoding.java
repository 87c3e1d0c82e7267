package dev.meshdojo.simulator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.golang.GoDuration;
import java.util.Set;

/**
 * What istiod cannot decode although the schema lets it pass: a cookie's lifetime that is no
 * duration, and numbers that do not fit into the 32 bits of their field. Pure.
 */
final class Decoding {

    /** Signed fields without bounds in the schema. */
    private static final Set<String> SIGNED_32_BIT =
            Set.of(
                    "attempts",
                    "concurrency",
                    "consecutiveErrors",
                    "failureThreshold",
                    "http1MaxPendingRequests",
                    "http2MaxRequests",
                    "httpStatus",
                    "initialDelaySeconds",
                    "maxConcurrentStreams",
                    "maxConnections",
                    "maxEjectionPercent",
                    "maxRequestsPerConnection",
                    "maxRetries",
                    "minHealthPercent",
                    "percent",
                    "periodSeconds",
                    "priority",
                    "successThreshold",
                    "timeoutSeconds",
                    "weight");

    private Decoding() {}

    /** The first problem, empty for none. */
    static String error(JsonNode node) {
        String ttl = badDuration(node.path("httpCookie").path("ttl"));
        if (!ttl.isEmpty()) {
            return ttl;
        }
        for (var entry : node.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNumber()
                    && SIGNED_32_BIT.contains(entry.getKey())
                    && !fits(entry.getKey(), value)) {
                return "json: cannot unmarshal number "
                        + value.asText()
                        + " into Go value of type int32";
            }
            String error = error(value);
            if (!error.isEmpty()) {
                return error;
            }
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                String error = error(item);
                if (!error.isEmpty()) {
                    return error;
                }
            }
        }
        return "";
    }

    /** Some weights are unsigned; the schema bounds those. */
    private static boolean fits(String field, JsonNode value) {
        return value.canConvertToInt()
                || (field.equals("weight") && value.asDouble() >= 0 && value.asDouble() < 1L << 32);
    }

    private static String badDuration(JsonNode ttl) {
        if (!ttl.isTextual()) {
            return "";
        }
        GoDuration.Parsed parsed = GoDuration.parse(ttl.asText());
        return parsed.ok() ? "" : "bad Duration: " + parsed.error();
    }
}
