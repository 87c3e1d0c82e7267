package dev.meshdojo.simulator.shell.command.kubectl.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one API server. Thread-safe; close it when done. Warnings of the server go to a
 * consumer as they come.
 */
public final class RestClient implements AutoCloseable {

    /** JSON with exact decimals. */
    public static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** What tables are asked for with. */
    public static final String TABLE =
            "application/json;as=Table;v=v1;g=meta.k8s.io,"
                    + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    private static final Pattern WARNING = Pattern.compile("299 \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");

    private final HttpClient http;
    private final URI server;
    private final @Nullable String token;
    private final Consumer<String> warnings;

    /**
     * @param http with the TLS context to use; closed with this
     * @param server {@code https://host:port}
     * @param token bearer token, or null
     */
    public RestClient(
            HttpClient http, URI server, @Nullable String token, Consumer<String> warnings) {
        this.http = http;
        this.server = server;
        this.token = token;
        this.warnings = warnings;
    }

    /** Where requests go. */
    public URI server() {
        return server;
    }

    /** Reads JSON. */
    public JsonNode get(String path) throws InterruptedException {
        return json(text("GET", path, "application/json", null, null));
    }

    /** Reads a server-side table, or the object itself where the server makes no table. */
    public JsonNode table(String path) throws InterruptedException {
        return json(text("GET", path, TABLE, null, null));
    }

    /** Sends JSON and reads JSON. */
    public JsonNode send(String method, String path, String contentType, String body)
            throws InterruptedException {
        return json(text(method, path, "application/json", contentType, body));
    }

    /** Deletes with options. */
    public JsonNode delete(String path, String options) throws InterruptedException {
        return send("DELETE", path, "application/json", options);
    }

    /** The body as text, whatever it is. */
    public String raw(String path) throws InterruptedException {
        return text("GET", path, "application/json, */*", null, null);
    }

    /** Any request, body as text; failures are {@link StatusException}s. */
    public String text(
            String method,
            String path,
            String accept,
            @Nullable String contentType,
            @Nullable String body)
            throws InterruptedException {
        HttpResponse<String> response =
                exchange(
                        request(method, path, accept, contentType, body),
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        warn(response);
        if (response.statusCode() >= 400) {
            throw refused(response.statusCode(), response.body());
        }
        return response.body();
    }

    /** An open body: watches and logs. The caller closes it. */
    public InputStream stream(String path, String accept) throws InterruptedException {
        HttpResponse<InputStream> response =
                exchange(
                        request("GET", path, accept, null, null),
                        HttpResponse.BodyHandlers.ofInputStream());
        warn(response);
        if (response.statusCode() >= 400) {
            try (InputStream body = response.body()) {
                String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                throw refused(response.statusCode(), text);
            } catch (IOException e) {
                throw unreachable(e);
            }
        }
        return response.body();
    }

    /** A WebSocket to a streaming subresource. */
    public WebSocket.Builder webSocket() {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder;
    }

    /** The address of a WebSocket. */
    public URI webSocketUri(String path) {
        String text = server.resolve(path).toString();
        return URI.create(text.replaceFirst("^http", "ws"));
    }

    private HttpRequest request(
            String method,
            String path,
            String accept,
            @Nullable String contentType,
            @Nullable String body) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(server.toString().replaceAll("/$", "") + path))
                        .header("Accept", accept)
                        .header("User-Agent", "kubectl/v1.35.2 (meshdojo)");
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        if (contentType != null) {
            builder.header("Content-Type", contentType);
        }
        return builder.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws InterruptedException {
        try {
            return http.send(request, handler);
        } catch (ConnectException e) {
            throw new ConnectionException(
                    "The connection to the server "
                            + server.getAuthority()
                            + " was refused - did you specify the right host or port?");
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private static ConnectionException unreachable(IOException e) {
        return new ConnectionException("Unable to connect to the server: " + e.getMessage());
    }

    private void warn(HttpResponse<?> response) {
        for (String header : response.headers().allValues("Warning")) {
            Matcher matcher = WARNING.matcher(header);
            while (matcher.find()) {
                warnings.accept(matcher.group(1).replaceAll("\\\\(.)", "$1"));
            }
        }
    }

    private static StatusException refused(int code, String body) {
        try {
            JsonNode status = JSON.readTree(body);
            if (status != null && status.path("kind").asText().equals("Status")) {
                return new StatusException(status);
            }
        } catch (JsonProcessingException notJson) {
            return plain(code, body);
        }
        return plain(code, body);
    }

    private static StatusException plain(int code, String body) {
        return switch (code) {
            case 404 ->
                    StatusException.of(
                            404, "NotFound", "the server could not find the requested resource");
            case 401 -> StatusException.of(401, "Unauthorized", "Unauthorized");
            case 403 -> StatusException.of(403, "Forbidden", body.strip());
            default -> StatusException.of(code, "", body.strip());
        };
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ConnectionException(
                    "the server's answer is no JSON: " + e.getOriginalMessage());
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
