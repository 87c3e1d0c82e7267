package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.operation.FieldValidation;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.operation.UpdateOperation;
import dev.meshdojo.simulator.apiserver.patch.GoMaps;
import dev.meshdojo.simulator.apiserver.patch.JsonPatch;
import dev.meshdojo.simulator.apiserver.patch.MergePatch;
import dev.meshdojo.simulator.apiserver.patch.StrategicMergePatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The patch verb in its four media types. */
final class PatchHandler {

    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    private static final String APPLY_PATCH = "application/apply-patch+yaml";

    private final UpdateOperation update;

    PatchHandler(UpdateOperation update) {
        this.update = update;
    }

    UpdateOperation.Applied patch(
            ApiRequest request, String name, RequestScope scope, WriteOptions options) {
        String type = mediaType(request);
        boolean strategic = scope.definition().strategy().strategicMerge();
        return switch (type) {
            case JSON_PATCH -> {
                ArrayNode operations = operations(Bodies.patch(request));
                yield change(
                        scope,
                        name,
                        options,
                        live -> apply(live, operations),
                        patched -> new Wording(text(patched), false));
            }
            case MERGE_PATCH -> {
                ObjectNode patch = mergePatch(request);
                yield change(
                        scope,
                        name,
                        options,
                        live -> (ObjectNode) MergePatch.apply(live, patch).deepCopy(),
                        patched -> new Wording(text(patched), false));
            }
            case STRATEGIC_PATCH -> {
                if (!strategic) {
                    throw unsupported(false);
                }
                ObjectNode patch = object(Bodies.patch(request));
                yield change(
                        scope,
                        name,
                        options,
                        live -> merge(live, patch, scope),
                        _ -> new Wording(GoMaps.print(patch), true));
            }
            case APPLY_PATCH -> apply(request, name, scope, options);
            default -> throw unsupported(strategic);
        };
    }

    private record Wording(String patch, boolean converted) {}

    private UpdateOperation.Applied change(
            RequestScope scope,
            String name,
            WriteOptions options,
            Function<ObjectNode, ObjectNode> patch,
            Function<ObjectNode, Wording> wording) {
        return new UpdateOperation.Applied(
                update.update(
                        scope,
                        name,
                        live -> {
                            ObjectNode patched = patch.apply(live);
                            String named = Meta.name(patched);
                            if (!named.equals(name)) {
                                throw Statuses.badRequest(
                                        "the name of the object ("
                                                + named
                                                + ") does not match the name on the URL ("
                                                + name
                                                + ")");
                            }
                            return decode(scope, options.validation(), patched, wording);
                        }),
                false);
    }

    /** Unknown fields and wrong types are worded differently in patches. */
    private static ObjectNode decode(
            RequestScope scope,
            FieldValidation validation,
            ObjectNode patched,
            Function<ObjectNode, Wording> wording) {
        ResourceType type = scope.type();
        List<String> problems = new ArrayList<>();
        String kind = patched.path("kind").asText();
        if (!kind.equals(type.kind()) && !scope.definition().custom()) {
            Wording words = wording.apply(patched);
            if (!words.converted()) {
                String group = type.group().isEmpty() ? "core" : type.group();
                throw invalid(
                        words.patch(),
                        "converting ("
                                + type.version()
                                + "."
                                + kind
                                + ") to ("
                                + group.replaceFirst("\\..*", "")
                                + "."
                                + type.kind()
                                + "): unknown conversion");
            }
            patched.put("kind", type.kind());
        }
        try {
            ObjectNode decoded =
                    scope.definition().strategy().decode(patched.deepCopy(), type, problems);
            if (validation == FieldValidation.STRICT && !problems.isEmpty()) {
                throw invalid(
                        wording.apply(patched).patch(),
                        "strict decoding error: " + String.join(", ", problems));
            }
            if (validation == FieldValidation.WARN) {
                problems.forEach(scope.warnings());
            }
            scope.definition().strategy().dropNulls(decoded, type);
            scope.definition().strategy().applyDefaults(decoded, type);
            return decoded;
        } catch (DecodeException e) {
            Wording words = wording.apply(patched);
            throw invalid(
                    words.patch(),
                    words.converted() ? e.conversion() : String.valueOf(e.getMessage()));
        }
    }

    private UpdateOperation.Applied apply(
            ApiRequest request, String name, RequestScope scope, WriteOptions options) {
        JsonNode body;
        try {
            body = Bodies.patch(request);
        } catch (ApiException e) {
            String message = e.status().path("message").asText();
            throw Statuses.badRequest(
                    "error decoding YAML: "
                            + (message.startsWith("yaml: ")
                                    ? "error converting YAML to JSON: "
                                    : "")
                            + message);
        }
        if (!(body instanceof ObjectNode config)) {
            throw Statuses.badRequest("error decoding YAML: an apply patch must be an object");
        }
        ResourceType type = scope.type();
        if (!config.path("kind").asText().equals(type.kind())
                || !config.path("apiVersion").asText().equals(type.apiVersion())) {
            String apiVersion = config.path("apiVersion").asText();
            throw Statuses.badRequest(
                    "invalid object type: "
                            + (apiVersion.contains("/") ? "" : "/")
                            + apiVersion
                            + ", Kind="
                            + config.path("kind").asText());
        }
        if (!config.path("metadata").path("managedFields").isEmpty()) {
            throw Statuses.badRequest("metadata.managedFields must be nil");
        }
        String named = Meta.name(config);
        if (named.isEmpty()) {
            Meta.of(config).put("name", name);
        } else if (!named.equals(name)) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + named
                            + ") does not match the name on the URL ("
                            + name
                            + ")");
        }
        return update.apply(scope, name, config, options.force(), options.validation());
    }

    private static String mediaType(ApiRequest request) {
        String type = request.header("content-type");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    }

    private static ApiException unsupported(boolean strategic) {
        if (strategic) {
            return Statuses.failure(
                    415,
                    "UnsupportedMediaType",
                    "415: Unsupported Media Type",
                    Json.MAPPER.createObjectNode());
        }
        return Statuses.failure(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + JSON_PATCH
                        + ", "
                        + MERGE_PATCH
                        + ", "
                        + APPLY_PATCH,
                null);
    }

    private static ArrayNode operations(JsonNode body) {
        if (body instanceof ArrayNode operations) {
            return operations;
        }
        throw Statuses.badRequest(
                "error decoding patch: json: cannot unmarshal "
                        + (body.isObject() ? "object" : body.isTextual() ? "string" : "number")
                        + " into Go value of type []handlers.jsonPatchOp");
    }

    private static ObjectNode mergePatch(ApiRequest request) {
        try {
            return object(Bodies.patch(request));
        } catch (ApiException e) {
            throw Statuses.badRequest(
                    "error decoding patch: " + e.status().path("message").asText());
        }
    }

    private static ObjectNode object(JsonNode body) {
        if (body instanceof ObjectNode object) {
            return object;
        }
        throw Statuses.badRequest(
                "json: cannot unmarshal "
                        + (body.isArray() ? "array" : body.isTextual() ? "string" : "number")
                        + " into Go value of type map[string]interface {}");
    }

    private static ObjectNode apply(ObjectNode live, ArrayNode operations) {
        try {
            if (JsonPatch.apply(live, operations) instanceof ObjectNode patched) {
                return patched;
            }
        } catch (JsonPatch.Failed _) {
            // Kubernetes does not say which operation failed
        }
        throw Statuses.failure(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request",
                Json.MAPPER.createObjectNode());
    }

    private static ObjectNode merge(ObjectNode live, ObjectNode patch, RequestScope scope) {
        try {
            return StrategicMergePatch.apply(
                    live, patch, scope.definition().strategy().schema(scope.type()));
        } catch (StrategicMergePatch.Failed e) {
            String message = String.valueOf(e.getMessage());
            throw message.contains("merge key")
                    ? Statuses.failure(500, "", message, null)
                    : Statuses.badRequest(message);
        }
    }

    private static ApiException invalid(String patch, String why) {
        return Statuses.invalid(
                "", "", "", List.of(FieldError.invalid("patch", TextNode.valueOf(patch), why)));
    }

    private static String text(ObjectNode patched) {
        try {
            return new String(Json.write(patched), java.nio.charset.StandardCharsets.UTF_8);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
