package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** What httpbin tells of a request, in the form of either of its kinds. */
final class HttpbinDescription {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean go;

    /**
     * @param go whether values are lists and bodies told as go-httpbin tells them
     */
    HttpbinDescription(boolean go) {
        this.go = go;
    }

    ObjectNode describe(HttpApp.Request request) {
        String path = request.path();
        boolean anything = path.startsWith("/anything");
        boolean body =
                anything
                        || (go && path.equals("/delete"))
                        || !List.of("GET", "HEAD", "DELETE").contains(request.method());
        String data = new String(request.body(), StandardCharsets.UTF_8);
        String header = request.header("content-type");
        String type = header == null ? "" : header.split(";", 2)[0].strip();
        boolean form = type.equals("application/x-www-form-urlencoded");
        ObjectNode content = JSON.createObjectNode();
        if (body) {
            content.put("data", go ? goData(data, request.body(), type) : form ? "" : data);
            content.putObject("files");
            content.set("form", form ? args(data) : JSON.createObjectNode());
        }
        JsonNode json = type.contains("json") ? parse(data) : JSON.nullNode();
        ObjectNode node = JSON.createObjectNode();
        node.set("args", args(request.query()));
        if (!go) {
            node.setAll(content);
        }
        node.set("headers", headers(request));
        if (body && !go) {
            node.set("json", json);
        }
        if (go || anything) {
            node.put("method", request.method());
        }
        node.put("origin", origin(request));
        node.put("url", scheme(request) + "://" + request.header("host") + request.target());
        if (go && body) {
            node.setAll(content);
            node.set("json", json);
        }
        return node;
    }

    /** Bodies of a type that go-httpbin does not read become data URLs. */
    private static String goData(String text, byte[] bytes, String type) {
        return switch (type) {
            case "text/html",
                    "text/plain",
                    "application/json",
                    "multipart/form-data",
                    "application/x-www-form-urlencoded" ->
                    text;
            default ->
                    bytes.length == 0
                            ? ""
                            : "data:"
                                    + (type.isEmpty() ? "application/octet-stream" : type)
                                    + ";base64,"
                                    + Base64.getUrlEncoder().encodeToString(bytes);
        };
    }

    private static String scheme(HttpApp.Request request) {
        String forwarded = request.header("x-forwarded-proto");
        return forwarded == null || forwarded.isEmpty() ? "http" : forwarded;
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

    ObjectNode args(String query) {
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

    ObjectNode headers(HttpApp.Request request) {
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

    String origin(HttpApp.Request request) {
        String forwarded = request.header("x-forwarded-for");
        if (forwarded == null) {
            return request.peer();
        }
        return go ? forwarded.split(",", 2)[0].strip() : forwarded;
    }

    HttpApp.Reply json(int status, JsonNode body) {
        return HttpApp.Reply.of(
                status, go ? "application/json; charset=utf-8" : "application/json", print(body));
    }

    byte[] print(JsonNode body) {
        return (go ? IndentedJson.GO : IndentedJson.FLASK).print(body);
    }
}
