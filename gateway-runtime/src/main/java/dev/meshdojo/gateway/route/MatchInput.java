package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.QueryParameters;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request as conditions look at it. The query is parsed once, when first asked for. */
final class MatchInput {

    private final RequestHead request;
    private final StreamInfo info;
    private final long random;
    private final String path;
    private @Nullable Map<String, String> query;

    MatchInput(RequestHead request, StreamInfo info, long random, boolean cutPathParameters) {
        this.request = request;
        this.info = info;
        this.random = random;
        String bare = request.pathWithoutQuery();
        int parameters = cutPathParameters ? bare.indexOf(';') : -1;
        path = parameters < 0 ? bare : bare.substring(0, parameters);
    }

    RequestHead request() {
        return request;
    }

    StreamInfo info() {
        return info;
    }

    long random() {
        return random;
    }

    String path() {
        return path;
    }

    Map<String, String> query() {
        if (query == null) {
            query = QueryParameters.parse(request.path());
        }
        return query;
    }
}
