package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Fills in a schema's defaults, and drops nulls where null is no value but a default is. */
final class Defaulting {

    private Defaulting() {}

    /** Drops nulls that are neither a value nor stand for a default. */
    static void dropNulls(JsonNode node, Schema schema) {
        switch (node) {
            case ObjectNode object -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                for (String name : names) {
                    Schema property = schema.property(name);
                    if (property == null) {
                        continue;
                    }
                    if (object.get(name).isNull()
                            && !property.nullable()
                            && property.defaultValue() == null) {
                        object.remove(name);
                    } else {
                        dropNulls(object.get(name), property);
                    }
                }
            }
            case ArrayNode array -> {
                Schema items = schema.items();
                if (items != null) {
                    array.forEach(item -> dropNulls(item, items));
                }
            }
            default -> {}
        }
    }

    static void apply(JsonNode node, Schema schema) {
        switch (node) {
            case ObjectNode object -> {
                schema.properties()
                        .forEach(
                                (name, property) -> {
                                    JsonNode defaultValue = property.defaultValue();
                                    if (defaultValue == null) {
                                        return;
                                    }
                                    JsonNode present = object.get(name);
                                    if (present == null
                                            || (present.isNull() && !property.nullable())) {
                                        object.set(name, defaultValue.deepCopy());
                                    }
                                });
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                for (String name : names) {
                    Schema property = schema.property(name);
                    if (property != null) {
                        apply(object.get(name), property);
                    }
                }
            }
            case ArrayNode array -> {
                Schema items = schema.items();
                if (items != null) {
                    array.forEach(item -> apply(item, items));
                }
            }
            default -> {}
        }
    }
}
