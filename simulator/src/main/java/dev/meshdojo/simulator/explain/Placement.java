package dev.meshdojo.simulator.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Which namespace an object goes to. */
final class Placement {

    private static final String DEFAULT_NAMESPACE = "default";

    private Placement() {}

    static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asText(DEFAULT_NAMESPACE);
    }

    /** {@code namespace/name}. */
    static String fullName(JsonNode object) {
        return namespace(object) + "/" + object.path("metadata").path("name").asText();
    }

    /** A copy with its namespace filled in. */
    static ObjectNode placed(ObjectNode object) {
        ObjectNode placed = object.deepCopy();
        placed.withObject("/metadata").put("namespace", namespace(object));
        return placed;
    }
}
