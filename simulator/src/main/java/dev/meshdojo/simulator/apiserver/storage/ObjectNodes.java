package dev.meshdojo.simulator.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes the store's own field into an object. */
final class ObjectNodes {

    private ObjectNodes() {}

    static void stampRevision(ObjectNode object, long revision) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.put("resourceVersion", Long.toString(revision));
        }
    }

    /** A copy that shares all but the metadata's first level. */
    static ObjectNode withRevision(ObjectNode object, long revision) {
        ObjectNode copy = object.objectNode();
        copy.setAll(object);
        if (object.get("metadata") instanceof ObjectNode metadata) {
            ObjectNode shallow = object.objectNode();
            shallow.setAll(metadata);
            copy.set("metadata", shallow);
        }
        stampRevision(copy, revision);
        return copy;
    }
}
