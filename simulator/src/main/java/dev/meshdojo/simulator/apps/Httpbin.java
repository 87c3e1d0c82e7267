package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.IOException;
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
    private final HttpbinDescription told;
    private final HttpbinCaching caching;

    Httpbin(boolean go) {
        this.go = go;
        this.told = new HttpbinDescription(go);
        this.caching = new HttpbinCaching(told);
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

    /** Errors as go-httpbin tells them: JSON with code and text. */
    private HttpApp.Reply error(int code, String text, String detail) {
        if (!go) {
            return HttpApp.Reply.of(
                    code,
                    "text/html",
                    "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<title>"
                            + code
                            + " "
                            + text
                            + "</title>\n<h1>"
                            + text
                            + "</h1>\n<p>"
                            + detail
                            + "</p>\n");
        }
        ObjectNode body = JSON.createObjectNode().put("status_code", code).put("error", text);
        return json(code, detail.isEmpty() ? body : body.put("detail", detail));
    }

    private HttpApp.Reply notFound() {
        return go
                ? HttpApp.Reply.of(404, "text/plain; charset=utf-8", "404 page not found\n")
                : error(
                        404,
                        "Not Found",
                        "The requested URL was not found on the server.  If you entered the URL"
                                + " manually please check your spelling and try again.");
    }

    private HttpApp.Reply notAllowed() {
        return go
                ? HttpApp.Reply.of(405, "text/plain; charset=utf-8", "Method Not Allowed\n")
                : error(
                        405,
                        "Method Not Allowed",
                        "The method is not allowed for the requested URL.");
    }

    private HttpApp.Reply answer(HttpApp.Request request, String hostname)
            throws IOException, InterruptedException {
        String[] parts = request.path().split("/", -1);
        String first = parts.length > 1 ? parts[1] : "";
        String second = parts.length > 2 ? parts[2] : "";
        return switch (first) {
            case "get", "delete", "post", "put", "patch", "anything" ->
                    allowed(first, request) ? json(200, told.describe(request)) : notAllowed();
            case "headers" ->
                    json(200, JSON.createObjectNode().set("headers", told.headers(request)));
            case "ip" -> json(200, JSON.createObjectNode().put("origin", told.origin(request)));
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
            case "cookies" ->
                    second.equals("set") || second.equals("delete")
                            ? changeCookies(second.equals("set"), request)
                            : json(200, JSON.createObjectNode().set("cookies", cookies(request)));
            case "absolute-redirect" -> absoluteRedirect(second, request);
            case "hidden-basic-auth" -> {
                HttpApp.Reply reply = basicAuth(second, parts.length > 3 ? parts[3] : "", request);
                yield reply.status() == 200 ? reply : notFound();
            }
            case "gzip" -> caching.compressed("gzip", request);
            case "deflate" -> caching.compressed("deflate", request);
            case "cache" -> caching.cache(second, request);
            case "etag" -> caching.etag(second, request);
            case "unstable" ->
                    go
                            ? HttpApp.Reply.of(
                                    java.util.concurrent.ThreadLocalRandom.current().nextBoolean()
                                            ? 200
                                            : 500,
                                    "text/plain; charset=utf-8",
                                    "")
                            : notFound();
            case "xml" ->
                    HttpApp.Reply.of(
                            200,
                            "application/xml",
                            "<?xml version='1.0' encoding='us-ascii'?>\n<slideshow"
                                    + " title=\"Sample Slide Show\" date=\"Date of publication\""
                                    + " author=\"Yours Truly\">\n</slideshow>\n");
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
                    go ? json(200, JSON.createObjectNode().put("hostname", hostname)) : notFound();
            case "html" ->
                    HttpApp.Reply.of(
                            200,
                            "text/html; charset=utf-8",
                            "<!DOCTYPE html>\n<html><body><h1>Herman Melville - Moby-Dick</h1>"
                                    + "</body></html>\n");
            case "" -> HttpApp.Reply.of(200, "text/html; charset=utf-8", "<h1>httpbin</h1>\n");
            default -> notFound();
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
            text.append(JSON.writeValueAsString(told.describe(request).put("id", i))).append('\n');
        }
        return HttpApp.Reply.of(200, "application/json", text.toString());
    }

    private static boolean allowed(String path, HttpApp.Request request) {
        String method = request.method().toLowerCase(Locale.ROOT);
        return path.equals("anything")
                || method.equals(path)
                || (path.equals("get") && method.equals("head"));
    }

    private HttpApp.Reply json(int status, JsonNode body) {
        return told.json(status, body);
    }

    /** One code, or a choice of several with weights: {@code 200:9,503:1}. */
    private HttpApp.Reply status(String codes) {
        List<String> choices = List.of(codes.split(",", -1));
        double[] weights = new double[choices.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            String[] parts = choices.get(i).split(":", 2);
            boolean weighted = parts.length > 1 && parts[1].matches("\\d+(\\.\\d+)?");
            weights[i] = weighted ? Double.parseDouble(parts[1]) : 1;
            sum += weights[i];
            if (!parts[0].matches("[1-5]\\d\\d")) {
                return go
                        ? error(400, "Bad Request", "invalid status code: " + parts[0])
                        : HttpApp.Reply.of(400, "text/html; charset=utf-8", "Invalid status code");
            }
        }
        double drawn = java.util.concurrent.ThreadLocalRandom.current().nextDouble(sum);
        int chosen = 0;
        while (chosen < weights.length - 1 && drawn >= weights[chosen]) {
            drawn -= weights[chosen++];
        }
        return statusOf(Integer.parseInt(choices.get(chosen).split(":", 2)[0]));
    }

    private HttpApp.Reply statusOf(int code) {
        HttpApp.Reply plain =
                HttpApp.Reply.of(
                        code, go ? "text/plain; charset=utf-8" : "text/html; charset=utf-8", "");
        return switch (code) {
            case 301, 302, 303, 305, 307 -> plain.with("location", "/redirect/1");
            case 401 -> plain.with("www-authenticate", "Basic realm=\"Fake Realm\"");
            case 407 -> plain.with("proxy-authenticate", "Basic realm=\"Fake Realm\"");
            case 418 ->
                    go
                            ? HttpApp.Reply.of(418, "text/plain; charset=utf-8", "I'm a teapot!")
                                    .with("x-more-info", "http://tools.ietf.org/html/rfc2324")
                            : plain.with("x-more-info", "http://tools.ietf.org/html/rfc2324");
            default -> plain;
        };
    }

    private HttpApp.Reply delay(String seconds, HttpApp.Request request)
            throws InterruptedException, JsonProcessingException {
        double wait =
                seconds.matches("\\d+(\\.\\d+)?") ? Math.min(10, Double.parseDouble(seconds)) : 0;
        boolean cut = new CountDownLatch(1).await((long) (wait * 1000), TimeUnit.MILLISECONDS);
        assert !cut : "nobody counts down";
        return json(200, told.describe(request));
    }

    private static HttpApp.Reply redirect(String count) {
        int left = count.matches("\\d{1,3}") ? Integer.parseInt(count) : 1;
        String next = left > 1 ? "/relative-redirect/" + (left - 1) : "/get";
        return HttpApp.Reply.of(302, "text/html; charset=utf-8", "").with("location", next);
    }

    private HttpApp.Reply redirectTo(HttpApp.Request request) {
        JsonNode args = new HttpbinDescription(false).args(request.query());
        int code = args.path("status_code").asInt(302);
        return HttpApp.Reply.of(code, "text/html; charset=utf-8", "")
                .with("location", args.path("url").asText());
    }

    private HttpApp.Reply responseHeaders(HttpApp.Request request) throws JsonProcessingException {
        ObjectNode args = new HttpbinDescription(false).args(request.query());
        HttpApp.Reply reply = json(200, args);
        for (var header : args.properties()) {
            reply = reply.with(header.getKey(), header.getValue().asText());
        }
        return reply;
    }

    private HttpApp.Reply changeCookies(boolean set, HttpApp.Request request) {
        HttpApp.Reply reply =
                HttpApp.Reply.of(302, "text/html; charset=utf-8", "").with("location", "/cookies");
        for (var cookie : new HttpbinDescription(false).args(request.query()).properties()) {
            reply =
                    reply.with(
                            "set-cookie",
                            set
                                    ? cookie.getKey()
                                            + "="
                                            + cookie.getValue().asText()
                                            + "; Path=/"
                                    : cookie.getKey()
                                            + "=; Expires=Thu, 01-Jan-1970 00:00:00 GMT; Max-Age=0;"
                                            + " Path=/");
        }
        return reply;
    }

    private static HttpApp.Reply absoluteRedirect(String count, HttpApp.Request request) {
        int left = count.matches("\\d{1,3}") ? Integer.parseInt(count) : 1;
        String base = "http://" + request.header("host");
        return HttpApp.Reply.of(302, "text/html; charset=utf-8", "")
                .with("location", base + (left > 1 ? "/absolute-redirect/" + (left - 1) : "/get"));
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
        boolean allowed = expected.equals(request.header("authorization"));
        if (go) {
            String given = allowed ? user : "";
            HttpApp.Reply reply =
                    json(
                            allowed ? 200 : 401,
                            JSON.createObjectNode()
                                    .put("authenticated", allowed)
                                    .put("user", given)
                                    .put("authorized", allowed));
            return allowed ? reply : reply.with("www-authenticate", "Basic realm=\"Fake Realm\"");
        }
        if (!allowed) {
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
