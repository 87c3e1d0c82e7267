package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.format.HeaderOperations;

/** Makes the upstream request head of a matched route. */
final class RequestFinalizer {

    private RequestFinalizer() {}

    static void apply(RouteDecision.Matched matched, RequestHead head, StreamInfo info) {
        ClusterTarget target = matched.target();
        if (target == null || !(matched.action() instanceof ForwardAction forward)) {
            return;
        }
        target.requestHeaders().applyToRequest(head, info);
        if (target.hostRewrite() != null) {
            head.authority(target.hostRewrite());
        }
        for (HeaderOperations operations : matched.route().requestOperations()) {
            operations.applyToRequest(head, info);
        }
        HostRewrite host = forward.hostRewrite();
        String authority = host == null ? null : host.apply(head);
        if (authority != null) {
            rewriteHost(head, authority, forward.appendForwardedHost());
        }
        PathRewrite path = forward.pathRewrite();
        if (path != null) {
            head.headers().set("x-envoy-original-path", head.path());
            head.path(path.apply(head.path()));
        }
    }

    private static void rewriteHost(RequestHead head, String host, boolean appendForwarded) {
        HeaderMap headers = head.headers();
        String old = head.authority();
        if (appendForwarded && !old.isEmpty()) {
            String forwarded = headers.joined("x-forwarded-host");
            headers.set("x-forwarded-host", forwarded == null ? old : forwarded + "," + old);
        }
        if (!headers.contains("x-envoy-original-host")) {
            headers.set("x-envoy-original-host", old);
        }
        head.authority(host);
    }
}
