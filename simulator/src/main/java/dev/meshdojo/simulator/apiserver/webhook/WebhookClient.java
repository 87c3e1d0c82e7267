package dev.meshdojo.simulator.apiserver.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.builtin.GoJson;
import dev.meshdojo.simulator.golang.GoText;
import dev.meshdojo.simulator.golang.GoUrl;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks webhooks, by the Service or the URL of their configuration. Blocks the calling thread up to
 * the webhook's timeout. Thread-safe.
 */
final class WebhookClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HTTPS_PORT = 443;

    private final ResourceApi api;
    private final WebhookRoutes routes;

    WebhookClient(ResourceApi api, WebhookRoutes routes) {
        this.api = api;
        this.routes = routes;
    }

    /**
     * The webhook's answer, or null when this server answers for it.
     *
     * @throws WebhookFailure when there is no answer, or none of JSON
     */
    @Nullable JsonNode ask(Webhook webhook, Review review) throws WebhookFailure {
        try {
            JsonNode service = webhook.client().path("service");
            HttpsCall.Reply reply =
                    service.isObject()
                            ? byService(webhook, service, review)
                            : byUrl(webhook, review);
            return reply == null ? null : answer(reply, review);
        } catch (WebhookFailure e) {
            throw new WebhookFailure("failed to call webhook: " + e.why());
        }
    }

    private HttpsCall.@Nullable Reply byService(Webhook webhook, JsonNode service, Review review)
            throws WebhookFailure {
        String name = service.path("name").asText();
        String namespace = service.path("namespace").asText();
        String path = service.path("path").asText("");
        int port = service.path("port").asInt(HTTPS_PORT);
        String host = name + "." + namespace + ".svc";
        HttpsCall call = call(webhook, host, host + ":" + port, path);
        String prefix = "Post \"https://" + call.authority() + call.target() + "\": ";
        ObjectNode found = api.find(new ResourceKey("", "services", namespace, name));
        if (found == null) {
            throw new WebhookFailure(prefix + "service " + GoText.quote(name) + " not found");
        }
        String address = address(found, port, prefix);
        InetSocketAddress real = routes.resolve(address, port);
        if (routes.answersFor(found, path)) {
            if (real == null) {
                throw new WebhookFailure(
                        prefix
                                + "dial tcp "
                                + address
                                + ":"
                                + port
                                + ": connect: connection refused");
            }
            return null;
        }
        return call.post(real, address + ":" + port, body(review));
    }

    /** Where a Service answers. Source: {@code ResolveCluster} of {@code k8s.io/apiserver}. */
    private static String address(ObjectNode service, int port, String prefix)
            throws WebhookFailure {
        JsonNode spec = service.path("spec");
        String type = spec.path("type").asText("ClusterIP");
        if (type.equals("ExternalName")) {
            return spec.path("externalName").asText();
        }
        String address = spec.path("clusterIP").asText();
        if (type.equals("ClusterIP") && address.equals("None")) {
            throw new WebhookFailure(prefix + "cannot route to service with ClusterIP \"None\"");
        }
        for (JsonNode each : spec.path("ports")) {
            if (each.path("port").asInt() == port) {
                return address;
            }
        }
        throw new WebhookFailure(
                prefix
                        + "no service port "
                        + port
                        + " found for service "
                        + GoText.quote(service.path("metadata").path("name").asText()));
    }

    private HttpsCall.Reply byUrl(Webhook webhook, Review review) throws WebhookFailure {
        GoUrl url = GoUrl.of(webhook.client().path("url").asText());
        if (url == null) {
            throw new WebhookFailure("Unparsable URL");
        }
        String host = url.hostname();
        int port = url.port().isEmpty() ? HTTPS_PORT : Integer.parseInt(url.port());
        HttpsCall call = call(webhook, host, url.host(), url.path());
        return call.post(routes.resolve(host, port), host + ":" + port, body(review));
    }

    private static HttpsCall call(Webhook webhook, String host, String authority, String path) {
        String rooted = path.startsWith("/") ? path : "/" + path;
        return new HttpsCall(
                host,
                authority,
                rooted + "?timeout=" + webhook.timeoutSeconds() + "s",
                Base64.getDecoder().decode(webhook.client().path("caBundle").asText("")),
                System.nanoTime() + TimeUnit.SECONDS.toNanos(webhook.timeoutSeconds()));
    }

    private static byte[] body(Review review) {
        try {
            return JSON.writeValueAsBytes(review.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode answer(HttpsCall.Reply reply, Review review) throws WebhookFailure {
        String text = new String(reply.body(), StandardCharsets.UTF_8);
        if (reply.status() < 200 || reply.status() > 206) {
            throw new WebhookFailure(refusal(reply, text));
        }
        if (text.isEmpty()) {
            throw new WebhookFailure(
                    "0-length response with status code: "
                            + reply.status()
                            + " and content type: "
                            + reply.contentType());
        }
        JsonNode read = json(text);
        if (!(read instanceof ObjectNode)) {
            String problem = text.startsWith("{") ? GoJson.problem(text) : null;
            throw new WebhookFailure(
                    "couldn't get version/kind; json parse error: "
                            + (problem == null ? misread(read) : problem));
        }
        String problem = review.problem(read);
        if (problem != null) {
            throw new WebhookFailure(problem);
        }
        return read;
    }

    /** What is no JSON is read as YAML, where nearly everything is a text. */
    private static String misread(@Nullable JsonNode read) {
        return "json: cannot unmarshal "
                + (read != null && read.isArray() ? "array" : "string")
                + " into Go value of type struct { APIVersion string"
                + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                + " \"json:\\\"kind,omitempty\\\"\" }";
    }

    private static @Nullable JsonNode json(String text) {
        try {
            return GoJson.problem(text) == null ? JSON.readTree(text) : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** How client-go words an answer that is no success. */
    private static String refusal(HttpsCall.Reply reply, String text) {
        JsonNode status = json(text);
        if (status != null && status.path("kind").asText().equals("Status")) {
            return status.path("message").asText();
        }
        boolean readable = reply.contentType().startsWith("text/");
        String said = readable ? text.strip() : "unknown";
        return switch (reply.status()) {
            case 400 -> "the server rejected our request for an unknown reason";
            case 401 -> "the server has asked for the client to provide credentials";
            case 403 -> said;
            case 404 -> "the server could not find the requested resource";
            case 405 -> "the server does not allow this method on the requested resource";
            case 406, 415 -> said;
            case 409 -> "the server reported a conflict";
            case 422 -> "the server rejected our request due to an error in our request";
            case 429 ->
                    "the server has received too many requests and has asked us to try again"
                            + " later";
            case 503 -> "the server is currently unable to handle the request";
            case 504 ->
                    "the server was unable to return a response in the time allotted, but may"
                            + " still be processing the request";
            default ->
                    reply.status() >= 500
                            ? "an error on the server ("
                                    + GoText.quote(said)
                                    + ") has prevented the request from succeeding"
                            : "the server responded with the status code "
                                    + reply.status()
                                    + " but did not return more information";
        };
    }
}
