package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.model.ProtobufObjects;
import dev.meshdojo.simulator.apiserver.operation.DeleteOperation;
import dev.meshdojo.simulator.apiserver.operation.FieldValidation;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads request bodies. */
final class Bodies {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final int SUMMARY = 30;

    private Bodies() {}

    /**
     * The body as JSON.
     *
     * @param duplicates takes {@code duplicate field "a.b"}
     * @throws IOException when it is neither JSON nor, where the media type says so, YAML
     */
    private static JsonNode read(ApiRequest request, List<String> duplicates) throws IOException {
        if (ProtobufObjects.isProtobuf(request.body())) {
            try {
                return ProtobufObjects.decode(request.body());
            } catch (IllegalArgumentException e) {
                throw Statuses.badRequest(String.valueOf(e.getMessage()));
            }
        }
        if (request.header("content-type").contains("yaml")) {
            JsonNode yaml = YAML.readTree(request.body());
            return yaml == null ? Json.MAPPER.missingNode() : yaml;
        }
        return request.body().length == 0
                ? Json.MAPPER.missingNode()
                : DuplicateFields.read(request.body(), duplicates);
    }

    /** The body of a patch. */
    static JsonNode patch(ApiRequest request) {
        try {
            JsonNode patch = read(request, new ArrayList<>());
            if (patch.isMissingNode()) {
                throw Statuses.badRequest("unexpected end of JSON input");
            }
            return patch;
        } catch (IOException e) {
            throw Statuses.badRequest(complaint(e));
        }
    }

    /** What Go's decoder says of broken JSON. */
    private static String complaint(IOException e) {
        if (e instanceof JsonEOFException) {
            return "unexpected end of JSON input";
        }
        String message =
                e instanceof JsonProcessingException json
                        ? json.getOriginalMessage()
                        : String.valueOf(e.getMessage());
        int quote = message.indexOf("('");
        return quote >= 0 && quote + 3 < message.length()
                ? "invalid character '"
                        + message.charAt(quote + 2)
                        + "' looking for beginning of value"
                : message;
    }

    /** The object of a create or update, read as its kind, with defaults. */
    static ObjectNode object(ApiRequest request, RequestScope scope, FieldValidation validation) {
        ResourceType type = scope.type();
        List<String> duplicates = new ArrayList<>();
        JsonNode body;
        try {
            body = read(request, duplicates);
        } catch (IOException e) {
            throw unrecognized(request, type, complaint(e));
        }
        if (!(body instanceof ObjectNode object)) {
            throw unrecognized(
                    request,
                    type,
                    body.isMissingNode()
                            ? "unexpected end of JSON input"
                            : "json: cannot unmarshal "
                                    + (body.isArray() ? "array" : "string")
                                    + " into Go value of type struct { APIVersion string"
                                    + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                                    + " \"json:\\\"kind,omitempty\\\"\" }");
        }
        checkKind(scope, object);
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        return validation.decode(scope, object, duplicates);
    }

    private static void checkKind(RequestScope scope, ObjectNode object) {
        ResourceType type = scope.type();
        String kind = object.path("kind").asText("");
        String apiVersion = object.path("apiVersion").asText("");
        if (!kind.isEmpty() && !kind.equals(type.kind())) {
            String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
            String internal = type.group().isEmpty() ? "core" : type.group();
            int dot = internal.indexOf('.');
            throw Statuses.badRequest(
                    kind
                            + " in version \""
                            + version
                            + "\" cannot be handled as a "
                            + type.kind()
                            + ": converting ("
                            + version
                            + "."
                            + kind
                            + ") to ("
                            + (dot < 0 ? internal : internal.substring(0, dot))
                            + "."
                            + type.kind()
                            + "): unknown conversion");
        }
        if (!apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion())) {
            throw Statuses.badRequest(
                    "the API version in the data ("
                            + apiVersion
                            + ") does not match the expected API version ("
                            + type.apiVersion()
                            + ")");
        }
    }

    private static RuntimeException unrecognized(
            ApiRequest request, ResourceType type, String why) {
        String text = new String(request.body(), StandardCharsets.UTF_8);
        String summary =
                text.isEmpty()
                        ? "<empty>"
                        : text.length() > SUMMARY ? text.substring(0, SUMMARY) + " ..." : text;
        return Statuses.badRequest(
                "the object provided is unrecognized (must be of type "
                        + type.kind()
                        + "): couldn't get version/kind; json parse error: "
                        + why
                        + " ("
                        + summary
                        + ")");
    }

    /** The options of a deletion, from body and parameters. */
    static DeleteOperation.Options deleteOptions(ApiRequest request) {
        JsonNode body;
        try {
            body = read(request, new ArrayList<>());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Long grace = number(request.parameter("gracePeriodSeconds"));
        if (body.path("gracePeriodSeconds").isNumber()) {
            grace = body.path("gracePeriodSeconds").asLong();
        }
        String policy = text(body, "propagationPolicy");
        if (policy == null) {
            policy = request.parameter("propagationPolicy");
        }
        if (policy == null && body.path("orphanDependents").isBoolean()) {
            policy = body.path("orphanDependents").asBoolean() ? "Orphan" : "Background";
        }
        if (policy != null && !List.of("Foreground", "Background", "Orphan").contains(policy)) {
            throw Statuses.invalid(
                    "meta.k8s.io",
                    "DeleteOptions",
                    "",
                    List.of(
                            FieldError.notSupported(
                                    "propagationPolicy",
                                    TextNode.valueOf(policy),
                                    List.of("Foreground", "Background", "Orphan", "nil"))));
        }
        JsonNode preconditions = body.path("preconditions");
        return new DeleteOperation.Options(
                grace, policy, text(preconditions, "uid"), text(preconditions, "resourceVersion"));
    }

    /** Whether the body of a deletion asks for a dry run. */
    static boolean deleteDryRun(ApiRequest request) {
        try {
            JsonNode body = read(request, new ArrayList<>());
            return body.path("dryRun").size() > 0
                    && body.path("dryRun").get(0).asText().equals("All");
        } catch (IOException _) {
            return false;
        }
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Long.valueOf(text);
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : null;
    }
}
