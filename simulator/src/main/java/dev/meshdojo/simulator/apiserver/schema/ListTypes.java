package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds duplicates in lists that are sets or maps. Pure. */
final class ListTypes {

    /** However often a value occurs, only its second occurrence is reported. */
    private static final int REPORTED = 2;

    private ListTypes() {}

    static List<FieldError> validate(JsonNode value, Schema schema) {
        List<FieldError> errors = new ArrayList<>();
        visit(value, schema, "", errors);
        return errors;
    }

    private static void visit(JsonNode value, Schema schema, String path, List<FieldError> errors) {
        switch (value) {
            case ObjectNode object ->
                    object.properties()
                            .forEach(
                                    entry -> {
                                        Schema property = schema.property(entry.getKey());
                                        if (property != null) {
                                            boolean map =
                                                    !schema.properties()
                                                            .containsKey(entry.getKey());
                                            visit(
                                                    entry.getValue(),
                                                    property,
                                                    Paths.child(path, entry.getKey(), map),
                                                    errors);
                                        }
                                    });
            case ArrayNode array -> {
                duplicates(array, schema, path, errors);
                Schema items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    visit(array.get(i), items, path + "[" + i + "]", errors);
                }
            }
            default -> {}
        }
    }

    private static void duplicates(
            ArrayNode array, Schema schema, String path, List<FieldError> errors) {
        String type = schema.extensions().listType();
        if (!type.equals("set") && !type.equals("map")) {
            return;
        }
        boolean map = type.equals("map");
        for (int i = 0; map && i < array.size(); i++) {
            if (!array.get(i).isObject() && !array.get(i).isNull()) {
                errors.add(
                        FieldError.invalid(
                                path + "[" + i + "]",
                                array.get(i),
                                "must be an object for an array of list-type map"));
                return;
            }
        }
        Map<JsonNode, Integer> seen = new HashMap<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode identity = map ? keys(array.get(i), schema) : array.get(i);
            if (seen.merge(identity, 1, Integer::sum) == REPORTED) {
                errors.add(FieldError.duplicate(path + "[" + i + "]", identity));
            }
        }
    }

    private static JsonNode keys(JsonNode item, Schema schema) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        for (String key : schema.extensions().listMapKeys()) {
            if (item.has(key)) {
                keys.set(key, item.get(key));
            }
        }
        return keys;
    }
}
