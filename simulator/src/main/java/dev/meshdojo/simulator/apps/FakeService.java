package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * {@code nicholasjackson/fake-service}: answers who it is and what its upstreams answered. Honours
 * {@code NAME}, {@code MESSAGE}, {@code LISTEN_ADDR}, {@code UPSTREAM_URIS}, {@code
 * UPSTREAM_WORKERS}, {@code UPSTREAM_REQUEST_BODY}, {@code HTTP_CLIENT_REQUEST_TIMEOUT}, {@code
 * HTTP_CLIENT_APPEND_REQUEST}, {@code ERROR_RATE}, {@code ERROR_TYPE}, {@code ERROR_CODE}, {@code
 * ERROR_DELAY}, {@code RATE_LIMIT}, {@code RATE_LIMIT_CODE}, {@code TIMING_*}, {@code
 * HEALTH_CHECK_RESPONSE_CODE} and {@code READY_CHECK_*}. As there, errors come evenly spaced, not
 * by chance. Not modelled: gRPC, load and memory simulation, tracing.
 */
final class FakeService implements Workload {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OWN_HEADERS =
            Set.of("host", "connection", "content-length", "transfer-encoding");

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        int port = Serving.port(container.env("LISTEN_ADDR", "0.0.0.0:9090"), 9090);
        FakeServiceFaults faults = new FakeServiceFaults(container);
        return Serving.blocking(
                container, List.of(port), request -> answer(container, faults, request));
    }

    private static HttpApp.Reply answer(
            Container container, FakeServiceFaults faults, HttpApp.Request request)
            throws IOException, InterruptedException {
        switch (request.path()) {
            case "/health" -> {
                return plain(faults.healthCode(), "OK");
            }
            case "/ready" -> {
                return faults.ready()
                        ? plain(faults.readyCode(), "OK")
                        : plain(faults.startingCode(), "Starting Process");
            }
            default -> {
                if (faults.waitsTillReady() && !faults.ready()) {
                    return plain(503, "");
                }
            }
        }
        Instant start = container.clock().instant();
        long began = System.nanoTime();
        ObjectNode answer = JSON.createObjectNode();
        answer.put("name", container.env("NAME", "Service"));
        answer.put("uri", request.target());
        answer.put("type", "HTTP");
        answer.putArray("ip_addresses").add(container.pod().ip());
        FakeServiceFaults.Fault fault = faults.next();
        int code;
        if (fault == null) {
            ObjectNode calls = JSON.createObjectNode();
            code = callUpstreams(container, request, calls);
            if (code == 200) {
                faults.work(System.nanoTime() - began);
            }
            answer.put("start_time", time(start));
            answer.put("end_time", time(container.clock().instant()));
            answer.put("duration", goDuration(System.nanoTime() - began));
            answer.set("body", body(container.env("MESSAGE", "Hello World")));
            if (!calls.isEmpty()) {
                answer.set("upstream_calls", calls);
            }
            answer.put("code", code);
        } else {
            code = fault.code();
            answer.put("code", code);
            answer.put("error", fault.error());
        }
        container.log(
                time(start)
                        + " [INFO]  Handle inbound request: method="
                        + request.method()
                        + " uri="
                        + request.target()
                        + " response="
                        + code);
        return HttpApp.Reply.of(code, "application/json", IndentedJson.GO.print(answer));
    }

    private static HttpApp.Reply plain(int code, String text) {
        return HttpApp.Reply.of(code, "text/plain; charset=utf-8", text);
    }

    /** A message that looks like JSON is passed on as such. */
    private static JsonNode body(String message) {
        JsonNode parsed = message.startsWith("{") ? parse(message) : JSON.missingNode();
        return parsed.isMissingNode() ? TextNode.valueOf(message) : parsed;
    }

    private static int callUpstreams(Container container, HttpApp.Request request, ObjectNode calls)
            throws InterruptedException {
        List<String> uris =
                Arrays.stream(container.env("UPSTREAM_URIS", "").split(","))
                        .map(String::strip)
                        .filter(uri -> !uri.isEmpty())
                        .toList();
        Semaphore workers =
                new Semaphore(
                        Math.max(1, FakeServiceFaults.number(container, "UPSTREAM_WORKERS", 1)));
        Map<String, ObjectNode> answers = new ConcurrentHashMap<>();
        List<Thread> running = new ArrayList<>();
        for (String uri : uris) {
            workers.acquire();
            running.add(
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    answers.put(uri, call(container, request, uri));
                                } finally {
                                    workers.release();
                                }
                            }));
        }
        for (Thread thread : running) {
            thread.join();
        }
        new TreeMap<>(answers).forEach(calls::set);
        return answers.values().stream().allMatch(call -> call.path("code").asInt() == 200)
                ? 200
                : 500;
    }

    private static ObjectNode call(Container container, HttpApp.Request request, String uri) {
        ObjectNode call = JSON.createObjectNode();
        try {
            HttpClient.Answer answer = send(container, request, uri);
            String body = new String(answer.body(), StandardCharsets.UTF_8);
            if (parse(body) instanceof ObjectNode told) {
                call = told;
            } else {
                call.put("body", body);
            }
            call.put("uri", uri);
            ObjectNode headers = call.putObject("headers");
            for (HttpApp.Header header : answer.headers()) {
                headers.put(canonical(header.name()), header.value());
            }
            call.put("code", answer.status());
            call.remove("error");
            if (answer.status() != 200) {
                call.put(
                        "error",
                        "Error processing upstream request: "
                                + uri
                                + ", expected code 200, got "
                                + answer.status());
            }
        } catch (IOException e) {
            call.put("uri", uri);
            call.put("code", -1);
            call.put(
                    "error",
                    "Error communicating with upstream service: Get \""
                            + appended(container, request, uri)
                            + "\": "
                            + UpstreamCall.goError(container, uri, e));
        }
        return call;
    }

    /** By default with the path and the headers of the request that causes it. */
    private static HttpClient.Answer send(Container container, HttpApp.Request request, String uri)
            throws IOException {
        List<HttpApp.Header> headers = new ArrayList<>();
        if (appends(container)) {
            request.headers().stream()
                    .filter(header -> !OWN_HEADERS.contains(header.name().toLowerCase(Locale.ROOT)))
                    .forEach(headers::add);
        }
        byte[] body = container.env("UPSTREAM_REQUEST_BODY", "").getBytes(StandardCharsets.UTF_8);
        Duration limit =
                FakeServiceFaults.duration(container, "HTTP_CLIENT_REQUEST_TIMEOUT", "30s");
        return UpstreamCall.send(
                container,
                body.length == 0 ? "GET" : "POST",
                appended(container, request, uri),
                headers,
                body,
                (int) Math.min(Integer.MAX_VALUE, limit.toMillis()));
    }

    private static boolean appends(Container container) {
        return Boolean.parseBoolean(container.env("HTTP_CLIENT_APPEND_REQUEST", "true"));
    }

    private static String appended(Container container, HttpApp.Request request, String uri) {
        return appends(container) ? uri + request.path() : uri;
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static String canonical(String name) {
        StringBuilder text = new StringBuilder();
        for (String part : name.split("-", -1)) {
            text.append(text.isEmpty() ? "" : "-");
            if (!part.isEmpty()) {
                text.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
            }
        }
        return text.toString();
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(java.time.temporal.ChronoUnit.MICROS)
                .toString()
                .replace("Z", "");
    }

    /** As Go prints it, in milliseconds or microseconds. */
    private static String goDuration(long nanos) {
        Duration duration = Duration.ofNanos(nanos);
        if (duration.toMillis() == 0) {
            return nanos / 1000.0 + "µs";
        }
        return duration.toSeconds() == 0 ? nanos / 1e6 + "ms" : nanos / 1e9 + "s";
    }
}
