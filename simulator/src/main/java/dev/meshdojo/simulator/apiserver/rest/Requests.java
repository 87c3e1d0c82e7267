package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.UserInfo;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;

/** Reads HTTP requests. */
final class Requests {

    static final UserInfo ANONYMOUS =
            new UserInfo("system:anonymous", "", List.of("system:unauthenticated"), Map.of());

    private Requests() {}

    static ApiRequest read(FullHttpRequest raw, byte[] body, UserInfo user) {
        QueryStringDecoder uri = new QueryStringDecoder(raw.uri());
        return new ApiRequest(
                raw.method().name(),
                uri.path(),
                uri.parameters(),
                raw.headers().copy(),
                body,
                user);
    }

    /** Whether the answer is printed over several lines. */
    static boolean pretty(ApiRequest request) {
        String wanted = request.parameter("pretty");
        if (wanted != null) {
            return !wanted.equals("false") && !wanted.equals("0");
        }
        String agent = request.header("user-agent");
        return agent.startsWith("curl")
                || agent.startsWith("Wget")
                || agent.startsWith("Mozilla/5.0");
    }
}
