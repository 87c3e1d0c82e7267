package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes object metadata. */
public final class Meta {

    private Meta() {}

    /** The metadata, made when missing. */
    public static ObjectNode of(ObjectNode object) {
        return object.get("metadata") instanceof ObjectNode metadata
                ? metadata
                : object.putObject("metadata");
    }

    /** A text field of the metadata; empty when absent. */
    public static String text(ObjectNode object, String field) {
        return object.path("metadata").path(field).asText("");
    }

    /** The name; may be empty before creation. */
    public static String name(ObjectNode object) {
        return text(object, "name");
    }

    /** The namespace; empty for cluster-scoped objects. */
    public static String namespace(ObjectNode object) {
        return text(object, "namespace");
    }

    /** The unique id. */
    public static String uid(ObjectNode object) {
        return text(object, "uid");
    }

    /** Whether deletion was asked for. */
    public static boolean deleting(ObjectNode object) {
        return !text(object, "deletionTimestamp").isEmpty();
    }

    /** The finalizers, a copy. */
    public static List<String> finalizers(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.path("metadata").path("finalizers").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Replaces the finalizers. */
    public static void finalizers(ObjectNode object, List<String> names) {
        ObjectNode metadata = of(object);
        if (names.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            ArrayNode list = metadata.putArray("finalizers");
            names.forEach(list::add);
        }
    }

    /** Now, as Kubernetes writes times. */
    public static String now(Clock clock) {
        return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The store's key of an object. */
    public static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    /** A copy that shares everything but the first level and the metadata's first level. */
    public static ObjectNode shallow(ObjectNode object) {
        ObjectNode copy = object.objectNode();
        copy.setAll(object);
        JsonNode metadata = object.get("metadata");
        if (metadata instanceof ObjectNode fields) {
            ObjectNode shallow = object.objectNode();
            shallow.setAll(fields);
            copy.set("metadata", shallow);
        }
        return copy;
    }
}
