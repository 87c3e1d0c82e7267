package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * How a redirect makes its location.
 *
 * @param scheme the new scheme; null keeps the request's
 * @param host the new host; null keeps the request's
 * @param port the new port; 0 for none
 * @param path replaces the path, and the query too when it has one; null keeps the path
 * @param rewrite rewrites the path when {@code path} is null; null keeps it
 * @param stripQuery whether the request's query is dropped
 * @param keepPort whether the request's port stays, even where it is the old scheme's own
 */
public record RedirectRule(
        @Nullable String scheme,
        @Nullable String host,
        int port,
        @Nullable String path,
        @Nullable PathRewrite rewrite,
        boolean stripQuery,
        boolean keepPort) {

    static final RedirectRule NOTHING = new RedirectRule(null, null, 0, null, null, false, false);
    static final RedirectRule HTTPS = new RedirectRule("https", null, 0, null, null, false, true);

    /** The location for one request. */
    public String location(RequestHead request) {
        String newScheme = scheme == null ? request.scheme() : scheme;
        String newHost = host == null ? requestHost(request, newScheme) : host;
        return newScheme + "://" + newHost + (port == 0 ? "" : ":" + port) + newPath(request);
    }

    private String requestHost(RequestHead request, String newScheme) {
        String authority = request.authority();
        if (keepPort) {
            return authority;
        }
        int portStart = portStart(authority);
        if (portStart < 0) {
            return authority;
        }
        String protocol = request.headers().get("x-forwarded-proto");
        String old = protocol == null ? request.scheme() : protocol;
        String requestPort = authority.substring(portStart);
        boolean defaultOfOldScheme =
                (old.equals("https") && requestPort.equals(":443"))
                        || (old.equals("http") && requestPort.equals(":80"));
        boolean remove = port != 0 || (!newScheme.equals(old) && defaultOfOldScheme);
        return remove ? authority.substring(0, portStart) : authority;
    }

    private static int portStart(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.lastIndexOf("]:");
            return end < 0 ? -1 : end + 1;
        }
        return authority.lastIndexOf(':');
    }

    private String newPath(RequestHead request) {
        String current = request.path();
        if (path != null) {
            int query = current.indexOf('?');
            boolean keep = query >= 0 && path.indexOf('?') < 0 && !stripQuery;
            return keep ? path + current.substring(query) : path;
        }
        String rewritten = rewrite == null ? current : rewrite.apply(current);
        int query = rewritten.indexOf('?');
        return stripQuery && query >= 0 ? rewritten.substring(0, query) : rewritten;
    }
}
