package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Workloads of a few lines: http-echo, helloworld, and the stand-in for unknown images. */
final class SmallApps {

    private SmallApps() {}

    /**
     * {@code hashicorp/http-echo}: one text for every request, from {@code -text} or {@code
     * ECHO_TEXT}; {@code -listen}, {@code -status-code}, {@code -version}; {@code /health}.
     */
    static int httpEcho(Container container) throws IOException, InterruptedException {
        if (container.args().contains("-version") || container.args().contains("--version")) {
            container.log("http-echo v1.0.0");
            return 0;
        }
        String text =
                Serving.flag(
                        container,
                        "text",
                        container.env().getOrDefault("ECHO_TEXT", "hello-world"));
        if (text.isEmpty()) {
            container.log("Missing -text option or ECHO_TEXT env var!");
            return 127;
        }
        String listen = Serving.flag(container, "listen", ":5678");
        String asked = Serving.flag(container, "status-code", "200");
        int status = asked.matches("[1-5]\\d\\d") ? Integer.parseInt(asked) : 200;
        container.log(stamp(container) + " [INFO] server is listening on " + listen);
        try {
            return Serving.run(
                    container,
                    List.of(Serving.port(listen, 5678)),
                    request ->
                            CompletableFuture.completedFuture(
                                    echo(container, request, status, text)));
        } catch (InterruptedException e) {
            container.log(stamp(container) + " [INFO] received interrupt, shutting down...");
            return 2;
        }
    }

    private static HttpApp.Reply echo(
            Container container, HttpApp.Request request, int status, String text) {
        boolean health = request.path().equals("/health");
        String body = (health ? "{\"status\":\"ok\"}" : text) + "\n";
        if (!health) {
            String host = request.header("host");
            String agent = request.header("user-agent");
            container.log(
                    stamp(container)
                            + " "
                            + (host == null ? "" : host)
                            + " "
                            + request.peer()
                            + " \""
                            + request.method()
                            + " "
                            + request.target()
                            + " "
                            + request.protocol()
                            + "\" "
                            + status
                            + " "
                            + body.getBytes(StandardCharsets.UTF_8).length
                            + " \""
                            + (agent == null ? "" : agent)
                            + "\" 10\u00b5s");
        }
        return HttpApp.Reply.of(health ? 200 : status, "text/plain; charset=utf-8", body)
                .with("x-app-name", "http-echo")
                .with("x-app-version", "1.0.0");
    }

    private static String stamp(Container container) {
        return DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(container.clock().instant());
    }

    /** {@code istio/examples-helloworld}: which version answers. */
    static Workload helloworld(String version) {
        return container ->
                Serving.run(
                        container,
                        List.of(5000),
                        request -> {
                            String served = container.env("SERVICE_VERSION", version);
                            String body =
                                    switch (request.path()) {
                                        case "/hello" ->
                                                "Hello version: "
                                                        + served
                                                        + ", instance: "
                                                        + container.pod().name()
                                                        + "\n";
                                        case "/health" -> "Helloworld is healthy";
                                        default -> "";
                                    };
                            return CompletableFuture.completedFuture(
                                    HttpApp.Reply.of(
                                            body.isEmpty() ? 404 : 200,
                                            "text/html; charset=utf-8",
                                            body));
                        });
    }

    /** Answers on every declared port, or 80 and 8080, saying which pod it is. */
    static int generic(Container container) throws IOException, InterruptedException {
        List<Integer> ports = container.ports().isEmpty() ? List.of(80, 8080) : container.ports();
        return Serving.run(
                container,
                ports.stream().distinct().toList(),
                request -> {
                    container.log(request.method() + " " + request.target());
                    return CompletableFuture.completedFuture(
                            HttpApp.Reply.of(
                                    200,
                                    "text/plain; charset=utf-8",
                                    request.method()
                                            + " "
                                            + request.target()
                                            + " answered by pod "
                                            + container.pod().namespace()
                                            + "/"
                                            + container.pod().name()
                                            + ", image "
                                            + container.image()
                                            + "\n"));
                });
    }
}
