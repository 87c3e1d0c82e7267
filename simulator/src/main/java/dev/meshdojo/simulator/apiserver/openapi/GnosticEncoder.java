package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Encodes an OpenAPI v2 document as the {@code openapi.v2.Document} message of gnostic, which is
 * the only form in which client-go reads it. Source: gnostic-models, OpenAPIv2.proto. Response
 * bodies and parameters' details are left out, as no client reads them.
 */
final class GnosticEncoder {

    /** A message under construction: fields are written in any order. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

        void text(int field, JsonNode value) throws IOException {
            if (value.isTextual()) {
                out.writeString(field, value.asText());
            }
        }

        void texts(int field, JsonNode values) throws IOException {
            for (JsonNode value : values) {
                out.writeString(field, value.asText());
            }
        }

        void number(int field, JsonNode value) throws IOException {
            if (value.isNumber()) {
                out.writeDouble(field, value.asDouble());
            }
        }

        void count(int field, JsonNode value) throws IOException {
            if (value.isNumber()) {
                out.writeInt64(field, value.asLong());
            }
        }

        void flag(int field, JsonNode value) throws IOException {
            if (value.asBoolean()) {
                out.writeBool(field, true);
            }
        }

        void message(int field, byte[] value) throws IOException {
            out.writeByteArray(field, value);
        }

        byte[] finish() throws IOException {
            out.flush();
            return bytes.toByteArray();
        }
    }

    private GnosticEncoder() {}

    /** The document as protobuf. */
    static byte[] encode(JsonNode document) {
        try {
            Message message = new Message();
            message.text(1, document.path("swagger"));
            message.message(2, info(document.path("info")));
            Message paths = new Message();
            for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
                paths.message(2, named(path.getKey(), path(path.getValue())));
            }
            message.message(8, paths.finish());
            message.message(9, namedSchemas(document.path("definitions")));
            return message.finish();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    private static byte[] info(JsonNode info) throws IOException {
        Message message = new Message();
        message.text(1, info.path("title"));
        message.text(2, info.path("version"));
        return message.finish();
    }

    private static byte[] named(String name, byte[] value) throws IOException {
        Message message = new Message();
        message.out.writeString(1, name);
        message.message(2, value);
        return message.finish();
    }

    private static byte[] any(JsonNode value) throws IOException {
        Message message = new Message();
        message.out.writeString(2, value + "\n");
        return message.finish();
    }

    private static void extensions(Message message, int field, JsonNode node) throws IOException {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getKey().startsWith("x-")) {
                message.message(field, named(entry.getKey(), any(entry.getValue())));
            }
        }
    }

    private static byte[] path(JsonNode path) throws IOException {
        Message message = new Message();
        operation(message, 2, path.path("get"));
        operation(message, 3, path.path("put"));
        operation(message, 4, path.path("post"));
        operation(message, 5, path.path("delete"));
        operation(message, 8, path.path("patch"));
        return message.finish();
    }

    private static void operation(Message path, int field, JsonNode operation) throws IOException {
        if (operation.isMissingNode()) {
            return;
        }
        Message message = new Message();
        message.text(3, operation.path("description"));
        message.text(5, operation.path("operationId"));
        message.texts(7, operation.path("consumes"));
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                message.message(8, queryParameter(parameter));
            }
        }
        extensions(message, 13, operation);
        path.message(field, message.finish());
    }

    /** ParametersItem, Parameter, NonBodyParameter and QueryParameterSubSchema, one in another. */
    private static byte[] queryParameter(JsonNode parameter) throws IOException {
        Message query = new Message();
        query.text(2, parameter.path("in"));
        query.text(4, parameter.path("name"));
        query.text(6, parameter.path("type"));
        query.flag(20, parameter.path("uniqueItems"));
        return wrap(1, wrap(2, wrap(3, query.finish())));
    }

    private static byte[] wrap(int field, byte[] value) throws IOException {
        Message message = new Message();
        message.message(field, value);
        return message.finish();
    }

    private static byte[] namedSchemas(JsonNode schemas) throws IOException {
        Message message = new Message();
        for (Map.Entry<String, JsonNode> schema : schemas.properties()) {
            message.message(1, named(schema.getKey(), schema(schema.getValue())));
        }
        return message.finish();
    }

    private static byte[] schema(JsonNode schema) throws IOException {
        Message message = new Message();
        message.text(1, schema.path("$ref"));
        message.text(2, schema.path("format"));
        message.text(3, schema.path("title"));
        message.text(4, schema.path("description"));
        if (schema.has("default")) {
            message.message(5, any(schema.path("default")));
        }
        message.number(7, schema.path("maximum"));
        message.flag(8, schema.path("exclusiveMaximum"));
        message.number(9, schema.path("minimum"));
        message.flag(10, schema.path("exclusiveMinimum"));
        message.count(11, schema.path("maxLength"));
        message.count(12, schema.path("minLength"));
        message.text(13, schema.path("pattern"));
        message.count(14, schema.path("maxItems"));
        message.count(15, schema.path("minItems"));
        message.flag(16, schema.path("uniqueItems"));
        message.texts(19, schema.path("required"));
        for (JsonNode value : schema.path("enum")) {
            message.message(20, any(value));
        }
        structure(message, schema);
        extensions(message, 31, schema);
        return message.finish();
    }

    private static void structure(Message message, JsonNode schema) throws IOException {
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            message.message(21, wrap(1, schema(additional)));
        } else if (additional.isBoolean()) {
            Message flag = new Message();
            flag.out.writeBool(2, additional.asBoolean());
            message.message(21, flag.finish());
        }
        if (schema.path("type").isTextual()) {
            Message type = new Message();
            type.text(1, schema.path("type"));
            message.message(22, type.finish());
        }
        if (schema.path("items").isObject()) {
            message.message(23, wrap(1, schema(schema.path("items"))));
        }
        if (schema.path("properties").isObject()) {
            message.message(25, namedSchemas(schema.path("properties")));
        }
    }
}
