package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Calls another service as a program in a container does, over the cluster's network. */
final class UpstreamCall {

    private static final List<String> TRACE_HEADERS =
            List.of(
                    "x-request-id",
                    "x-b3-traceid",
                    "x-b3-spanid",
                    "x-b3-parentspanid",
                    "x-b3-sampled",
                    "x-b3-flags",
                    "b3",
                    "traceparent",
                    "tracestate",
                    "x-cloud-trace-context",
                    "x-datadog-trace-id",
                    "end-user",
                    "user-agent",
                    "cookie",
                    "authorization",
                    "jwt");

    private UpstreamCall() {}

    /** Sends a GET with the tracing headers of {@code cause} passed on. */
    static HttpClient.Answer get(Container container, String url, HttpApp.Request cause)
            throws IOException {
        URI uri = URI.create(url.contains("://") ? url : "http://" + url);
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        List<HttpApp.Header> headers = new ArrayList<>();
        headers.add(new HttpApp.Header("Host", uri.getRawAuthority()));
        for (HttpApp.Header header : cause.headers()) {
            if (TRACE_HEADERS.contains(header.name().toLowerCase(java.util.Locale.ROOT))) {
                headers.add(header);
            }
        }
        headers.add(new HttpApp.Header("Connection", "close"));
        int status = 0;
        try (Socket socket =
                container.cluster().connect(container.network(), uri.getHost(), port)) {
            socket.setSoTimeout(30_000);
            HttpClient.Answer answer =
                    HttpClient.exchange(socket, "GET", target, headers, new byte[0]);
            status = answer.status();
            return answer;
        } finally {
            container.called(uri.getHost(), "GET " + target, status);
        }
    }
}
