package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Puts fields into the order in which Kubernetes writes them. */
final class FieldOrder {

    private static final List<String> TOP = List.of("kind", "apiVersion", "metadata");
    private static final List<String> METADATA =
            List.of(
                    "name",
                    "generateName",
                    "namespace",
                    "selfLink",
                    "uid",
                    "resourceVersion",
                    "generation",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "labels",
                    "annotations",
                    "ownerReferences",
                    "finalizers",
                    "managedFields");

    private FieldOrder() {}

    /** A copy that shares everything below the first level and the metadata's. */
    static ObjectNode canonical(ObjectNode object) {
        ObjectNode ordered = object.objectNode();
        for (String field : TOP) {
            JsonNode value = object.get(field);
            if (value != null) {
                ordered.set(field, field.equals("metadata") ? metadata(value) : value);
            }
        }
        object.properties().forEach(entry -> ordered.putIfAbsent(entry.getKey(), entry.getValue()));
        return ordered;
    }

    private static JsonNode metadata(JsonNode value) {
        if (!(value instanceof ObjectNode metadata)) {
            return value;
        }
        ObjectNode ordered = metadata.objectNode();
        for (String field : METADATA) {
            JsonNode child = metadata.get(field);
            if (child != null) {
                ordered.set(field, child);
            } else if (field.equals("resourceVersion")) {
                ordered.put(field, "");
            }
        }
        return ordered;
    }
}
