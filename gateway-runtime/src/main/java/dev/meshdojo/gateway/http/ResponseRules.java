package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;

/**
 * What the connection manager does to response headers last of all.
 *
 * <p>Source: Envoy's ConnectionManagerUtility::mutateResponseHeaders.
 */
final class ResponseRules {

    private ResponseRules() {}

    static void stripHopByHop(HeaderMap headers, boolean upgrade) {
        if (!upgrade) {
            headers.remove("connection");
            headers.remove("upgrade");
        }
        headers.remove("transfer-encoding");
        headers.remove("keep-alive");
        headers.remove("proxy-connection");
    }

    static void apply(HttpConfig config, ResponseHead head, RequestHead request, String date) {
        HeaderMap headers = head.headers();
        if (config.decorate()) {
            headers.remove("x-envoy-decorator-operation");
        }
        if (!headers.contains("date")) {
            headers.add("date", date);
        }
        switch (config.server()) {
            case OVERWRITE -> headers.set("server", config.serverName());
            case APPEND_IF_ABSENT -> {
                if (!headers.contains("server")) {
                    headers.add("server", config.serverName());
                }
            }
            case PASS_THROUGH -> {}
        }
        if (config.requestId().inResponse()) {
            String id = request.headers().get("x-request-id");
            if (id != null) {
                headers.set("x-request-id", id);
            }
        }
        if (!config.via().isEmpty()) {
            String via = headers.get("via");
            headers.set("via", via == null ? config.via() : via + ", " + config.via());
        }
    }
}
