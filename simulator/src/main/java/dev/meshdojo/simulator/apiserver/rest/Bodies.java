package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.model.ProtobufObjects;
import dev.meshdojo.simulator.apiserver.operation.DeleteOperation;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads request bodies. */
final class Bodies {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private Bodies() {}

    static JsonNode parse(ApiRequest request) {
        if (ProtobufObjects.isProtobuf(request.body())) {
            try {
                return ProtobufObjects.decode(request.body());
            } catch (IllegalArgumentException e) {
                throw Statuses.badRequest(String.valueOf(e.getMessage()));
            }
        }
        try {
            JsonNode json =
                    request.header("content-type").contains("yaml")
                            ? YAML.readTree(request.body())
                            : Json.MAPPER.readTree(request.body());
            return json == null ? Json.MAPPER.missingNode() : json;
        } catch (IOException e) {
            throw Statuses.badRequest("the request body is not valid JSON: " + e.getMessage());
        }
    }

    static ObjectNode object(ApiRequest request, RequestScope scope) {
        ResourceType type = scope.type();
        if (!(parse(request) instanceof ObjectNode object)) {
            throw Statuses.badRequest(
                    "the object provided is unrecognized (must be of type " + type.kind() + ")");
        }
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        scope.definition().strategy().applyDefaults(object, type);
        return object;
    }

    static DeleteOperation.Options deleteOptions(ApiRequest request) {
        JsonNode body = request.body().length == 0 ? Json.MAPPER.missingNode() : parse(request);
        Long grace = number(request.parameter("gracePeriodSeconds"));
        if (body.path("gracePeriodSeconds").isNumber()) {
            grace = body.path("gracePeriodSeconds").asLong();
        }
        String policy = text(body, "propagationPolicy");
        if (policy == null) {
            policy = request.parameter("propagationPolicy");
        }
        JsonNode preconditions = body.path("preconditions");
        return new DeleteOperation.Options(
                grace, policy, text(preconditions, "uid"), text(preconditions, "resourceVersion"));
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Long.valueOf(text);
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : null;
    }
}
