package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** httpbin's answers about caching and compression. */
final class HttpbinCaching {

    private final HttpbinDescription told;

    HttpbinCaching(HttpbinDescription told) {
        this.told = told;
    }

    HttpApp.Reply compressed(String how, HttpApp.Request request) throws IOException {
        ObjectNode body = told.describe(request);
        body.remove(List.of("args", "url"));
        body.put(how.equals("gzip") ? "gzipped" : "deflated", true);
        body.put("method", request.method());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                how.equals("gzip")
                        ? new GZIPOutputStream(bytes)
                        : new DeflaterOutputStream(bytes)) {
            out.write(told.print(body));
        }
        return HttpApp.Reply.of(200, "application/json", bytes.toByteArray())
                .with("content-encoding", how);
    }

    HttpApp.Reply cache(String seconds, HttpApp.Request request) {
        if (seconds.matches("\\d+")) {
            return told.json(200, told.describe(request))
                    .with("cache-control", "public, max-age=" + seconds);
        }
        boolean known =
                request.header("if-modified-since") != null
                        || request.header("if-none-match") != null;
        return known
                ? HttpApp.Reply.of(304, "text/plain", "")
                : told.json(200, told.describe(request))
                        .with(
                                "etag",
                                "\"" + Integer.toHexString(request.target().hashCode()) + "\"")
                        .with("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT");
    }

    HttpApp.Reply etag(String etag, HttpApp.Request request) {
        String none = request.header("if-none-match");
        String match = request.header("if-match");
        String quoted = "\"" + etag + "\"";
        if (none != null && (none.equals("*") || none.contains(etag))) {
            return HttpApp.Reply.of(304, "text/plain", "").with("etag", quoted);
        }
        if (match != null && !match.equals("*") && !match.contains(etag)) {
            return HttpApp.Reply.of(412, "text/plain", "");
        }
        return told.json(200, told.describe(request)).with("etag", quoted);
    }
}
