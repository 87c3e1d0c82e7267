package dev.meshdojo.simulator.scenario;

import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import dev.meshdojo.simulator.cluster.Connector;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sends requests through a connector, one connection each. */
record ConnectorProbe(Connector connector) implements HttpProbe {

    private static final int HTTP = 80;

    @Override
    public Outcome send(ProbeRequest request) {
        try (Socket socket = connector.connect(request.host(), request.port())) {
            socket.setSoTimeout(Math.toIntExact(request.limit().toMillis()));
            List<HttpApp.Header> headers = new ArrayList<>();
            if (request.headers().keySet().stream().noneMatch("host"::equalsIgnoreCase)) {
                headers.add(
                        new HttpApp.Header(
                                "Host",
                                request.port() == HTTP
                                        ? request.host()
                                        : request.host() + ":" + request.port()));
            }
            request.headers()
                    .forEach((name, value) -> headers.add(new HttpApp.Header(name, value)));
            HttpClient.Answer answer =
                    HttpClient.exchange(
                            socket,
                            request.method(),
                            request.path(),
                            headers,
                            request.body().getBytes(StandardCharsets.UTF_8));
            Map<String, List<String>> lines = new LinkedHashMap<>();
            for (HttpApp.Header header : answer.headers()) {
                lines.computeIfAbsent(
                                header.name().toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                        .add(header.value());
            }
            return new Outcome.Response(
                    answer.status(), lines, new String(answer.body(), StandardCharsets.UTF_8));
        } catch (ConnectException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome.Closed(String.valueOf(e.getMessage()));
        }
    }
}
