package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Reads JSON and reports fields that stand twice; the last one counts. */
final class DuplicateFields {

    private DuplicateFields() {}

    static JsonNode read(byte[] body, List<String> duplicates) throws IOException {
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new JsonEOFException(parser, null, "unexpected end of JSON input");
            }
            return value(parser, "", duplicates);
        }
    }

    private static JsonNode value(JsonParser parser, String path, List<String> duplicates)
            throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = Json.MAPPER.createObjectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    String at = path.isEmpty() ? name : path + "." + name;
                    parser.nextToken();
                    if (object.has(name)) {
                        duplicates.add("duplicate field \"" + at + "\"");
                    }
                    object.set(name, value(parser, at, duplicates));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode list = Json.MAPPER.createArrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, path + "[" + list.size() + "]", duplicates));
                }
                yield list;
            }
            default -> parser.readValueAsTree();
        };
    }
}
