package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code nicholasjackson/fake-service}: answers who it is and what its upstreams answered. Honours
 * {@code NAME}, {@code MESSAGE}, {@code LISTEN_ADDR}, {@code UPSTREAM_URIS}, {@code ERROR_RATE},
 * {@code ERROR_CODE} and {@code TIMING_50_PERCENTILE}. Errors come evenly spaced, not by chance.
 * Not modelled: gRPC, load and memory simulation.
 */
final class FakeService implements Workload {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern GO_DURATION =
            Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|ms|s|m|h)");

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        int port = Serving.port(container.env("LISTEN_ADDR", "0.0.0.0:9090"), 9090);
        AtomicLong requests = new AtomicLong();
        return Serving.blocking(
                container,
                List.of(port),
                request -> answer(container, request, requests.incrementAndGet()));
    }

    private static HttpApp.Reply answer(Container container, HttpApp.Request request, long number)
            throws IOException, InterruptedException {
        if (request.path().equals("/health") || request.path().equals("/ready")) {
            return HttpApp.Reply.of(200, "text/plain; charset=utf-8", "OK");
        }
        Instant start = container.clock().instant();
        long began = System.nanoTime();
        ObjectNode answer = JSON.createObjectNode();
        answer.put("name", container.env("NAME", "Service"));
        answer.put("uri", request.target());
        answer.put("type", "HTTP");
        answer.putArray("ip_addresses").add(container.pod().ip());
        answer.put("start_time", time(start));
        pause(container);
        int code = failing(container, number);
        ObjectNode calls = JSON.createObjectNode();
        if (code == 200) {
            code = callUpstreams(container, request, calls);
        }
        answer.put("end_time", time(container.clock().instant()));
        answer.put("duration", goDuration(System.nanoTime() - began));
        if (code == 200) {
            answer.put("body", container.env("MESSAGE", "Hello World"));
        }
        if (!calls.isEmpty()) {
            answer.set("upstream_calls", calls);
        }
        if (code != 200 && calls.isEmpty()) {
            answer.put("error", "Service error automatically injected");
        }
        answer.put("code", code);
        container.log(
                time(start)
                        + " [INFO]  Handle inbound request: method="
                        + request.method()
                        + " uri="
                        + request.target()
                        + " response="
                        + code);
        return HttpApp.Reply.of(code, "application/json", pretty(answer));
    }

    private static int callUpstreams(
            Container container, HttpApp.Request request, ObjectNode calls) {
        int code = 200;
        for (String upstream : container.env("UPSTREAM_URIS", "").split(",")) {
            if (upstream.isBlank()) {
                continue;
            }
            String uri = upstream.strip();
            ObjectNode call = call(container, request, uri);
            calls.set(uri, call);
            if (call.path("code").asInt() != 200) {
                code = 500;
            }
        }
        return code;
    }

    private static ObjectNode call(Container container, HttpApp.Request request, String uri) {
        ObjectNode call = JSON.createObjectNode();
        try {
            HttpClient.Answer answer = UpstreamCall.get(container, uri, request);
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
        } catch (IOException e) {
            call.put("uri", uri);
            call.put("code", -1);
            call.put(
                    "error",
                    "Error communicating with upstream service: Get \""
                            + uri
                            + "\": "
                            + e.getMessage());
        }
        return call;
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

    private static int failing(Container container, long number) {
        double rate = Double.parseDouble(container.env("ERROR_RATE", "0"));
        boolean fails = Math.floor(number * rate) > Math.floor((number - 1) * rate);
        return fails ? Integer.parseInt(container.env("ERROR_CODE", "500")) : 200;
    }

    private static void pause(Container container) throws InterruptedException {
        Matcher timing = GO_DURATION.matcher(container.env("TIMING_50_PERCENTILE", "0s"));
        if (!timing.matches()) {
            return;
        }
        double unit =
                switch (timing.group(2)) {
                    case "ns" -> 1;
                    case "us" -> 1e3;
                    case "ms" -> 1e6;
                    case "m" -> 60e9;
                    case "h" -> 3600e9;
                    default -> 1e9;
                };
        long nanos = (long) (Double.parseDouble(timing.group(1)) * unit);
        boolean cut = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
        assert !cut : "nobody counts down";
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

    static byte[] pretty(JsonNode node) throws JsonProcessingException {
        return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n")
                .replace("\" : ", "\": ")
                .getBytes(StandardCharsets.UTF_8);
    }
}
