package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.GoJson;
import dev.meshdojo.simulator.apiserver.model.KubernetesTypes;
import dev.meshdojo.simulator.apiserver.model.ProtobufObjects;
import dev.meshdojo.simulator.apiserver.operation.DeleteOperation;
import dev.meshdojo.simulator.apiserver.operation.FieldValidation;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads request bodies. */
final class Bodies {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final int SUMMARY = 30;

    private Bodies() {}

    /**
     * The body as JSON.
     *
     * @param duplicates takes {@code duplicate field "a.b"}
     * @throws IOException when it is neither JSON nor, where the media type says so, YAML
     */
    private static JsonNode read(ApiRequest request, List<String> duplicates) throws IOException {
        boolean declared = request.header("content-type").startsWith(PROTOBUF);
        if (ProtobufObjects.isProtobuf(request.body()) || (declared && request.body().length > 0)) {
            try {
                return ProtobufObjects.decode(request.body());
            } catch (IllegalArgumentException e) {
                throw new IOException(String.valueOf(e.getMessage()), e);
            }
        }
        if (request.header("content-type").contains("yaml")) {
            List<String> lines = new ArrayList<>();
            JsonNode yaml = YamlBodies.read(request.body(), lines);
            if (!lines.isEmpty()) {
                duplicates.add("yaml: unmarshal errors:\n  " + String.join("\n  ", lines));
            }
            return yaml;
        }
        if (request.body().length == 0) {
            return Json.MAPPER.missingNode();
        }
        String text = new String(request.body(), StandardCharsets.UTF_8);
        String problem = GoJson.problem(text);
        if (problem != null) {
            throw new IOException(problem);
        }
        return DuplicateFields.read(text.getBytes(StandardCharsets.UTF_8), duplicates);
    }

    /** Refuses bodies of media types that nobody reads. */
    static void checkType(ApiRequest request) {
        String header = request.header("content-type");
        int semicolon = header.indexOf(';');
        String type = (semicolon < 0 ? header : header.substring(0, semicolon)).strip();
        boolean known =
                type.isEmpty()
                        || type.equals("application/json")
                        || type.equals("application/yaml")
                        || type.equals(PROTOBUF);
        if (!known) {
            throw Statuses.failure(
                    415,
                    "UnsupportedMediaType",
                    "the body of the request was in an unknown format - accepted media types"
                            + " include: application/json, application/yaml, "
                            + PROTOBUF,
                    null);
        }
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

    private static String complaint(IOException e) {
        return String.valueOf(e.getMessage());
    }

    /** The object of a create or update, read as its kind, with defaults. */
    static ObjectNode object(ApiRequest request, RequestScope scope, FieldValidation validation) {
        ResourceType type = scope.type();
        checkType(request);
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
        if (scope.definition().custom()
                && !kind.isEmpty()
                && !apiVersion.equals(type.apiVersion())) {
            throw otherVersion(type, apiVersion);
        }
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
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        if (!scope.definition().custom()
                && !apiVersion.isEmpty()
                && KubernetesTypes.shared().kind(group, version, type.kind()) == null) {
            throw Statuses.badRequest(
                    type.kind()
                            + " in version \""
                            + version
                            + "\" cannot be handled as a "
                            + type.kind()
                            + ": no kind \""
                            + type.kind()
                            + "\" is registered for version \""
                            + apiVersion
                            + "\" in scheme \"pkg/runtime/scheme.go:111\"");
        }
        if (!apiVersion.isEmpty() && !apiVersion.equals(type.apiVersion())) {
            throw otherVersion(type, apiVersion);
        }
    }

    private static RuntimeException otherVersion(ResourceType type, String apiVersion) {
        return Statuses.badRequest(
                "the API version in the data ("
                        + apiVersion
                        + ") does not match the expected API version ("
                        + type.apiVersion()
                        + ")");
    }

    private static RuntimeException unrecognized(
            ApiRequest request, ResourceType type, String why) {
        boolean json = !why.startsWith("yaml: ") && !why.contains("protobuf");
        return Statuses.badRequest(
                "the object provided is unrecognized (must be of type "
                        + type.kind()
                        + "): "
                        + (json ? "couldn't get version/kind; json parse error: " : "")
                        + why
                        + " ("
                        + summary(request.body())
                        + ")");
    }

    /** The beginning of a body: as text when it may be JSON, else in hexadecimal digits. */
    private static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        byte[] start = Arrays.copyOf(body, Math.min(body.length, SUMMARY));
        String shown =
                body[0] == '{'
                        ? new String(start, StandardCharsets.UTF_8)
                        : HexFormat.of().formatHex(start);
        return body.length > SUMMARY ? shown + " ..." : shown;
    }

    /** The options of a deletion, from body and parameters. */
    static DeleteOperation.Options deleteOptions(ApiRequest request) {
        JsonNode body;
        try {
            body = read(request, new ArrayList<>());
        } catch (IOException e) {
            throw Statuses.badRequest(complaint(e));
        }
        Long grace = number(request.parameter("gracePeriodSeconds"));
        if (body.path("gracePeriodSeconds").isNumber()) {
            grace = body.path("gracePeriodSeconds").asLong();
        }
        String kind = body.path("kind").asText("");
        if (!kind.isEmpty() && !kind.equals("DeleteOptions")) {
            throw Statuses.badRequest(
                    "no kind \""
                            + kind
                            + "\" is registered for version \""
                            + body.path("apiVersion").asText("meta.k8s.io/v1")
                            + "\" in scheme \"pkg/runtime/scheme.go:111\"");
        }
        if (body.has("propagationPolicy") && body.has("orphanDependents")) {
            throw Statuses.invalid(
                    "meta.k8s.io",
                    "DeleteOptions",
                    "",
                    List.of(
                            FieldError.invalid(
                                    "propagationPolicy",
                                    body.get("propagationPolicy"),
                                    "orphanDependents and deletionPropagation cannot be both"
                                            + " set")));
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

    /** What a deletion's body says besides its kind; empty when it cannot be read. */
    static ObjectNode deleteBody(ApiRequest request) {
        try {
            if (read(request, new ArrayList<>()) instanceof ObjectNode body) {
                ObjectNode copy = body.deepCopy();
                copy.remove(List.of("kind", "apiVersion"));
                return copy;
            }
        } catch (IOException _) {
            // whoever carries out the deletion says what is wrong
        }
        return Json.MAPPER.createObjectNode();
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
