package dev.meshdojo.simulator.apps.nginx;

import dev.meshdojo.simulator.apps.http.HttpApp;
import java.util.Map;

/** nginx' own pages for statuses. */
final class StatusPage {

    private static final Map<Integer, String> REASONS =
            Map.ofEntries(
                    Map.entry(301, "Moved Permanently"),
                    Map.entry(302, "Found"),
                    Map.entry(303, "See Other"),
                    Map.entry(307, "Temporary Redirect"),
                    Map.entry(308, "Permanent Redirect"),
                    Map.entry(400, "Bad Request"),
                    Map.entry(401, "Authorization Required"),
                    Map.entry(403, "Forbidden"),
                    Map.entry(404, "Not Found"),
                    Map.entry(405, "Not Allowed"),
                    Map.entry(410, "Gone"),
                    Map.entry(413, "Request Entity Too Large"),
                    Map.entry(429, "Too Many Requests"),
                    Map.entry(500, "Internal Server Error"),
                    Map.entry(502, "Bad Gateway"),
                    Map.entry(503, "Service Temporarily Unavailable"),
                    Map.entry(504, "Gateway Time-out"));

    private StatusPage() {}

    static HttpApp.Reply of(int status) {
        String reason = REASONS.get(status);
        String title = status + (reason == null ? "" : " " + reason);
        return HttpApp.Reply.of(
                status,
                "text/html",
                reason == null
                        ? ""
                        : "<html>\r\n<head><title>"
                                + title
                                + "</title></head>\r\n<body>\r\n<center><h1>"
                                + title
                                + "</h1></center>\r\n<hr><center>nginx/1.27.5</center>\r\n</body>\r\n"
                                + "</html>\r\n");
    }
}
