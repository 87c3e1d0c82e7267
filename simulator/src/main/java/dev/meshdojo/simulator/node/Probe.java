package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.shell.ContainerShell;
import dev.meshdojo.simulator.controller.object.Fields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A probe of a container and how it is tried: really, over the pod's network or in the container.
 * Source: kubelet's prober, whose messages these are.
 */
record Probe(Kind kind, ObjectNode json) {

    /** What a probe decides. */
    enum Kind {
        READINESS("Readiness", "readinessProbe"),
        LIVENESS("Liveness", "livenessProbe"),
        STARTUP("Startup", "startupProbe");

        private final String title;
        private final String field;

        Kind(String title, String field) {
            this.title = title;
            this.field = field;
        }

        String title() {
            return title;
        }
    }

    /** The container's probe of that kind, or null. */
    static @Nullable Probe of(ContainerSpec spec, Kind kind) {
        return spec.json().get(kind.field) instanceof ObjectNode json
                ? new Probe(kind, json)
                : null;
    }

    Duration initialDelay() {
        return Duration.ofSeconds(Fields.number(json, "initialDelaySeconds"));
    }

    Duration period() {
        return Duration.ofSeconds(Fields.number(10, json, "periodSeconds"));
    }

    int successThreshold() {
        return Fields.number(1, json, "successThreshold");
    }

    int failureThreshold() {
        return Fields.number(3, json, "failureThreshold");
    }

    private int timeoutSeconds() {
        return Fields.number(1, json, "timeoutSeconds");
    }

    /** Tries once; null when it went well, else what was wrong. */
    @Nullable String attempt(ContainerSpec spec, RunningContainer container)
            throws InterruptedException {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread thread = Thread.startVirtualThread(() -> result.complete(tryOnce(spec, container)));
        try {
            String failure = result.get(timeoutSeconds(), TimeUnit.SECONDS);
            return failure.isEmpty() ? null : failure;
        } catch (TimeoutException e) {
            thread.interrupt();
            return timedOut(spec, container);
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }

    private String timedOut(ContainerSpec spec, RunningContainer container) {
        if (Fields.has(json, "exec")) {
            return "command timed out: \""
                    + String.join(" ", Fields.texts(json, "exec", "command"))
                    + "\" timed out after "
                    + timeoutSeconds()
                    + "s";
        }
        if (Fields.has(json, "httpGet")) {
            return "Get \""
                    + HttpProbe.url(json.path("httpGet"), spec, container)
                    + "\": context deadline exceeded (Client.Timeout exceeded while awaiting"
                    + " headers)";
        }
        JsonNode target = json.path(Fields.has(json, "grpc") ? "grpc" : "tcpSocket");
        return "dial tcp "
                + HttpProbe.host(target, container)
                + ":"
                + spec.port(target.path("port"))
                + ": i/o timeout";
    }

    private String tryOnce(ContainerSpec spec, RunningContainer container) {
        try {
            if (Fields.has(json, "exec")) {
                return exec(container);
            }
            if (Fields.has(json, "httpGet")) {
                return HttpProbe.get(json.path("httpGet"), spec, container);
            }
            if (Fields.has(json, "tcpSocket")) {
                return dial(json.path("tcpSocket"), spec, container);
            }
            return Fields.has(json, "grpc") ? GrpcProbe.check(json.path("grpc"), container) : "";
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    private static String dial(JsonNode target, ContainerSpec spec, RunningContainer container) {
        String host = HttpProbe.host(target, container);
        int port = spec.port(target.path("port"));
        try (Socket socket = container.cluster().connect(null, host, port)) {
            return socket.isConnected() ? "" : "not connected";
        } catch (IOException e) {
            return HttpProbe.dialFailure(host, port, e);
        }
    }

    private String exec(RunningContainer container) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            int code =
                    ContainerShell.run(
                            container,
                            Fields.texts(json, "exec", "command"),
                            ContainerShell.noInput(),
                            out,
                            out);
            String said = out.toString(StandardCharsets.UTF_8);
            return code == 0 ? "" : said.isEmpty() ? " " : said;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
