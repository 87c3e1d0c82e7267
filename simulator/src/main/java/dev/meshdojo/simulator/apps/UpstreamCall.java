package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Calls another service as a program in a container does, over the cluster's network. */
public final class UpstreamCall {

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
        List<HttpApp.Header> headers = new ArrayList<>();
        for (HttpApp.Header header : cause.headers()) {
            if (TRACE_HEADERS.contains(header.name().toLowerCase(java.util.Locale.ROOT))) {
                headers.add(header);
            }
        }
        return send(container, "GET", url, headers, new byte[0], 30_000);
    }

    /**
     * Sends a request on a connection of its own.
     *
     * @param given without {@code Connection}; {@code Host} may be among them
     * @param limitMillis how long to wait for bytes
     */
    public static HttpClient.Answer send(
            Container container,
            String method,
            String url,
            List<HttpApp.Header> given,
            byte[] body,
            int limitMillis)
            throws IOException {
        URI uri = URI.create(url.contains("://") ? url : "http://" + url);
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        List<HttpApp.Header> headers = new ArrayList<>();
        if (given.stream().noneMatch(header -> header.name().equalsIgnoreCase("host"))) {
            headers.add(new HttpApp.Header("Host", uri.getRawAuthority()));
        }
        headers.addAll(given);
        headers.add(new HttpApp.Header("Connection", "close"));
        int status = 0;
        try (Socket socket =
                container.cluster().connect(container.network(), uri.getHost(), port)) {
            socket.setSoTimeout(limitMillis);
            HttpClient.Answer answer = HttpClient.exchange(socket, method, target, headers, body);
            status = answer.status();
            return answer;
        } finally {
            container.called(uri.getHost(), method + " " + target, status);
        }
    }

    /** What Go's HTTP client says of a failure. */
    static String goError(Container container, String url, IOException failure) {
        URI uri = URI.create(url.contains("://") ? url : "http://" + url);
        String host = uri.getHost();
        List<String> addresses = container.cluster().lookup(container.pod().namespace(), host);
        return switch (failure) {
            case java.net.UnknownHostException _ ->
                    "dial tcp: lookup " + host + " on 10.96.0.10:53: no such host";
            case java.net.ConnectException _ ->
                    "dial tcp "
                            + (addresses.isEmpty() ? host : addresses.getFirst())
                            + ":"
                            + (uri.getPort() < 0 ? 80 : uri.getPort())
                            + ": connect: connection refused";
            case java.io.EOFException _ -> "EOF";
            case java.net.SocketTimeoutException _ ->
                    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
