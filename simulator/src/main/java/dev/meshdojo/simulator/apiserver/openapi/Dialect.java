package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The two versions of OpenAPI and how a schema refers to another in them. */
enum Dialect {
    V2("#/definitions/"),
    V3("#/components/schemas/");

    private final String prefix;

    Dialect(String prefix) {
        this.prefix = prefix;
    }

    String prefix() {
        return prefix;
    }

    /** A bare reference. */
    ObjectNode reference(String definition) {
        return JsonNodeFactory.instance.objectNode().put("$ref", prefix + definition);
    }

    /**
     * A reference that may have siblings: OpenAPI v3 forbids them beside {@code $ref}, so it hides
     * in {@code allOf} there.
     */
    ObjectNode extensibleReference(String definition) {
        if (this == V2) {
            return reference(definition);
        }
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.putArray("allOf").add(reference(definition));
        return schema;
    }
}
