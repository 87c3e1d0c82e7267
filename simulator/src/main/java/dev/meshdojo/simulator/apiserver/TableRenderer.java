package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Makes the columns and rows that {@code kubectl get} prints: the answer to {@code Accept:
 * application/json;as=Table}. Thread-safe.
 */
public interface TableRenderer {

    /** {@code columnDefinitions} of a kind: name, type, format, description, priority. */
    ArrayNode columns(ResourceType type);

    /**
     * Rows of a kind. Each has {@code cells} and nothing else; the caller adds to each what the
     * request wants to see of the object itself.
     *
     * @param objects in the version of {@code type}; shared, not to be changed
     */
    List<ObjectNode> rows(ResourceType type, List<ObjectNode> objects);
}
