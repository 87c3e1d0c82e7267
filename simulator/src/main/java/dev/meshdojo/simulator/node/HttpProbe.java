package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The {@code httpGet} probe. */
final class HttpProbe {

    private HttpProbe() {}

    /** Empty when the answer is 200 to 399, else what was wrong. */
    static String get(JsonNode probe, ContainerSpec spec, RunningContainer container) {
        String host = host(probe, container);
        int port = spec.port(probe.path("port"));
        String url = url(probe, spec, container);
        try (Socket socket = container.cluster().connect(null, host, port)) {
            List<HttpApp.Header> headers = new ArrayList<>();
            headers.add(new HttpApp.Header("Host", host + ":" + port));
            headers.add(new HttpApp.Header("User-Agent", "kube-probe/1.35"));
            headers.add(new HttpApp.Header("Accept", "*/*"));
            headers.add(new HttpApp.Header("Connection", "close"));
            for (ObjectNode header : Fields.objects(probe, "httpHeaders")) {
                String name = Fields.text(header, "name");
                headers.removeIf(h -> h.name().equalsIgnoreCase(name));
                headers.add(new HttpApp.Header(name, Fields.text(header, "value")));
            }
            int status =
                    HttpClient.exchange(socket, "GET", path(probe), headers, new byte[0]).status();
            return status >= 200 && status < 400
                    ? ""
                    : "HTTP probe failed with statuscode: " + status;
        } catch (EOFException e) {
            return "Get \"" + url + "\": EOF";
        } catch (IOException e) {
            return "Get \"" + url + "\": " + dialFailure(host, port, e);
        }
    }

    private static String path(JsonNode probe) {
        String path = Fields.text(probe, "path");
        return path.startsWith("/") ? path : "/" + path;
    }

    static String url(JsonNode probe, ContainerSpec spec, RunningContainer container) {
        String scheme = Fields.text(probe, "scheme");
        return (scheme.isEmpty() ? "http" : scheme.toLowerCase(Locale.ROOT))
                + "://"
                + host(probe, container)
                + ":"
                + spec.port(probe.path("port"))
                + path(probe);
    }

    static String host(JsonNode probe, RunningContainer container) {
        String host = Fields.text(probe, "host");
        return host.isEmpty() ? container.pod().ip() : host;
    }

    /** As Go's net package words it. */
    static String dialFailure(String host, int port, IOException e) {
        String message = String.valueOf(e.getMessage());
        return "dial tcp "
                + host
                + ":"
                + port
                + ": connect: "
                + message.toLowerCase(Locale.ROOT).replace(" (connection refused)", "");
    }
}
