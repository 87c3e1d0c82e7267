package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * httpbin, as {@code kennethreitz/httpbin} (Python, port 80) and {@code mccutchen/go-httpbin} (Go,
 * port 8080, values in lists) answer its usual paths.
 */
final class Httpbin implements Workload {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean go;

    Httpbin(boolean go) {
        this.go = go;
    }

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        String port = go ? container.env("PORT", "8080") : "80";
        return Serving.blocking(
                container,
                List.of(Integer.parseInt(port)),
                request -> {
                    HttpApp.Reply reply = answer(request, container.pod().name());
                    container.log(
                            request.peer()
                                    + " \""
                                    + request.method()
                                    + " "
                                    + request.target()
                                    + " "
                                    + request.protocol()
                                    + "\" "
                                    + reply.status());
                    HttpApp.Reply shared =
                            reply.with("access-control-allow-origin", "*")
                                    .with("access-control-allow-credentials", "true");
                    return go ? shared : shared.with("server", "gunicorn/19.9.0");
                });
    }

    private HttpApp.Reply answer(HttpApp.Request request, String hostname)
            throws InterruptedException, JsonProcessingException {
        String[] parts = request.path().split("/", -1);
        String first = parts.length > 1 ? parts[1] : "";
        String second = parts.length > 2 ? parts[2] : "";
        return switch (first) {
            case "get", "delete", "post", "put", "patch", "anything" ->
                    allowed(first, request)
                            ? json(200, describe(request))
                            : HttpApp.Reply.of(405, "text/html", "Method Not Allowed");
            case "headers" -> json(200, JSON.createObjectNode().set("headers", headers(request)));
            case "ip" -> json(200, JSON.createObjectNode().put("origin", origin(request)));
            case "user-agent" ->
                    json(
                            200,
                            JSON.createObjectNode()
                                    .put("user-agent", request.header("user-agent")));
            case "status" -> status(second);
            case "delay" -> delay(second, request);
            case "uuid" ->
                    json(
                            200,
                            JSON.createObjectNode()
                                    .put("uuid", java.util.UUID.randomUUID().toString()));
            case "redirect", "relative-redirect" -> redirect(second);
            case "redirect-to" -> redirectTo(request);
            case "response-headers" -> responseHeaders(request);
            case "cookies" -> json(200, JSON.createObjectNode().set("cookies", cookies(request)));
            case "basic-auth" -> basicAuth(second, parts.length > 3 ? parts[3] : "", request);
            case "bearer" -> bearer(request);
            case "bytes" ->
                    HttpApp.Reply.of(200, "application/octet-stream", new byte[size(second)]);
            case "json" -> json(200, slideshow());
            case "robots.txt" ->
                    HttpApp.Reply.of(200, "text/plain", "User-agent: *\nDisallow: /deny\n");
            case "deny" -> HttpApp.Reply.of(200, "text/plain", "YOU SHOULDN'T BE HERE\n");
            case "base64" -> HttpApp.Reply.of(200, "text/html; charset=utf-8", decoded(second));
            case "stream" -> stream(second, request);
            case "hostname" ->
                    go
                            ? json(200, JSON.createObjectNode().put("hostname", hostname))
                            : HttpApp.Reply.of(404, "text/html", "<h1>Not Found</h1>\n");
            case "html" ->
                    HttpApp.Reply.of(
                            200,
                            "text/html; charset=utf-8",
                            "<!DOCTYPE html>\n<html><body><h1>Herman Melville - Moby-Dick</h1>"
                                    + "</body></html>\n");
            case "" -> HttpApp.Reply.of(200, "text/html; charset=utf-8", "<h1>httpbin</h1>\n");
            default -> HttpApp.Reply.of(404, "text/html", "<h1>Not Found</h1>\n");
        };
    }

    private static ObjectNode slideshow() {
        ObjectNode node = JSON.createObjectNode();
        node.putObject("slideshow")
                .put("author", "Yours Truly")
                .put("date", "date of publication")
                .put("title", "Sample Slide Show");
        return node;
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "Incorrect Base64 data try: SFRUUEJJTiBpcyBhd2Vzb21l";
        }
    }

    private HttpApp.Reply stream(String count, HttpApp.Request request)
            throws JsonProcessingException {
        int lines = count.matches("\\d{1,3}") ? Math.min(100, Integer.parseInt(count)) : 1;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append(JSON.writeValueAsString(describe(request).put("id", i))).append('\n');
        }
        return HttpApp.Reply.of(200, "application/json", text.toString());
    }

    private static boolean allowed(String path, HttpApp.Request request) {
        String method = request.method().toLowerCase(Locale.ROOT);
        return path.equals("anything")
                || method.equals(path)
                || (path.equals("get") && method.equals("head"));
    }

    private HttpApp.Reply json(int status, JsonNode body) throws JsonProcessingException {
        return HttpApp.Reply.of(
                status,
                go ? "application/json; charset=utf-8" : "application/json",
                FakeService.pretty(body));
    }

    private ObjectNode describe(HttpApp.Request request) {
        ObjectNode node = JSON.createObjectNode();
        node.set("args", args(request.query()));
        boolean body = !List.of("GET", "HEAD", "DELETE").contains(request.method());
        String data = new String(request.body(), StandardCharsets.UTF_8);
        String type = String.valueOf(request.header("content-type"));
        boolean form = type.startsWith("application/x-www-form-urlencoded");
        if (body || request.path().startsWith("/anything")) {
            node.put("data", form ? "" : data);
            node.putObject("files");
            node.set("form", form ? args(data) : JSON.createObjectNode());
        }
        node.set("headers", headers(request));
        if (body || request.path().startsWith("/anything")) {
            node.set("json", type.contains("json") ? parse(data) : JSON.nullNode());
        }
        if (go || request.path().startsWith("/anything")) {
            node.put("method", request.method());
        }
        node.put("origin", origin(request));
        node.put("url", "http://" + request.header("host") + request.target());
        return node;
    }

    private static JsonNode parse(String data) {
        try {
            return JSON.readTree(data);
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }

    private void put(ObjectNode node, String name, String value) {
        if (go) {
            node.withArray(name).add(value);
        } else {
            node.put(name, node.has(name) ? node.path(name).asText() + "," + value : value);
        }
    }

    private ObjectNode args(String query) {
        ObjectNode args = JSON.createObjectNode();
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            if (!parts[0].isEmpty()) {
                put(args, decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
            }
        }
        return args;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private ObjectNode headers(HttpApp.Request request) {
        java.util.TreeMap<String, String> sorted = new java.util.TreeMap<>();
        for (HttpApp.Header header : request.headers()) {
            sorted.merge(canonical(header.name()), header.value(), (a, b) -> a + "," + b);
        }
        ObjectNode headers = JSON.createObjectNode();
        sorted.forEach((name, value) -> put(headers, name, value));
        return headers;
    }

    private static String canonical(String name) {
        StringBuilder text = new StringBuilder();
        boolean start = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            text.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
            start = c == '-';
        }
        return text.toString();
    }

    private static String origin(HttpApp.Request request) {
        String forwarded = request.header("x-forwarded-for");
        return forwarded == null ? request.peer() : forwarded;
    }

    private static HttpApp.Reply status(String codes) {
        String code = codes.split(",", 2)[0].split(":", 2)[0];
        if (!code.matches("[2-5]\\d\\d")) {
            return HttpApp.Reply.of(400, "text/html; charset=utf-8", "Invalid status code");
        }
        HttpApp.Reply reply =
                HttpApp.Reply.of(Integer.parseInt(code), "text/html; charset=utf-8", "");
        return code.matches("30[12378]") ? reply.with("location", "/redirect/1") : reply;
    }

    private HttpApp.Reply delay(String seconds, HttpApp.Request request)
            throws InterruptedException, JsonProcessingException {
        double wait =
                seconds.matches("\\d+(\\.\\d+)?") ? Math.min(10, Double.parseDouble(seconds)) : 0;
        boolean cut = new CountDownLatch(1).await((long) (wait * 1000), TimeUnit.MILLISECONDS);
        assert !cut : "nobody counts down";
        return json(200, describe(request));
    }

    private static HttpApp.Reply redirect(String count) {
        int left = count.matches("\\d{1,3}") ? Integer.parseInt(count) : 1;
        String next = left > 1 ? "/relative-redirect/" + (left - 1) : "/get";
        return HttpApp.Reply.of(302, "text/html; charset=utf-8", "").with("location", next);
    }

    private HttpApp.Reply redirectTo(HttpApp.Request request) {
        JsonNode args = new Httpbin(false).args(request.query());
        int code = args.path("status_code").asInt(302);
        return HttpApp.Reply.of(code, "text/html; charset=utf-8", "")
                .with("location", args.path("url").asText());
    }

    private HttpApp.Reply responseHeaders(HttpApp.Request request) throws JsonProcessingException {
        ObjectNode args = new Httpbin(false).args(request.query());
        HttpApp.Reply reply = json(200, args);
        for (var header : args.properties()) {
            reply = reply.with(header.getKey(), header.getValue().asText());
        }
        return reply;
    }

    private static ObjectNode cookies(HttpApp.Request request) {
        ObjectNode cookies = JSON.createObjectNode();
        String header = request.header("cookie");
        for (String pair : (header == null ? "" : header).split(";")) {
            String[] parts = pair.strip().split("=", 2);
            if (parts.length == 2) {
                cookies.put(parts[0], parts[1]);
            }
        }
        return cookies;
    }

    private HttpApp.Reply basicAuth(String user, String password, HttpApp.Request request)
            throws JsonProcessingException {
        String expected =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (user + ":" + password).getBytes(StandardCharsets.UTF_8));
        if (!expected.equals(request.header("authorization"))) {
            return HttpApp.Reply.of(401, "text/html; charset=utf-8", "")
                    .with("www-authenticate", "Basic realm=\"Fake Realm\"");
        }
        return json(200, JSON.createObjectNode().put("authenticated", true).put("user", user));
    }

    private HttpApp.Reply bearer(HttpApp.Request request) throws JsonProcessingException {
        String given = request.header("authorization");
        if (given == null || !given.startsWith("Bearer ")) {
            return HttpApp.Reply.of(401, "text/html; charset=utf-8", "")
                    .with("www-authenticate", "Bearer");
        }
        return json(
                200,
                JSON.createObjectNode()
                        .put("authenticated", true)
                        .put("token", given.substring("Bearer ".length())));
    }

    private static int size(String text) {
        return text.matches("\\d{1,6}") ? Math.min(100 * 1024, Integer.parseInt(text)) : 0;
    }
}
