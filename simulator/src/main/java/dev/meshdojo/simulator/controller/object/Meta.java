package dev.meshdojo.simulator.controller.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code metadata}. */
public final class Meta {

    /** Oldest first, then by name: the order in which Kubernetes prefers objects. */
    public static final Comparator<ObjectNode> BY_AGE =
            Comparator.<ObjectNode, Instant>comparing(Meta::created).thenComparing(Meta::name);

    private Meta() {}

    /** The object's name. */
    public static String name(JsonNode object) {
        return Fields.text(object, "metadata", "name");
    }

    /** The object's namespace; empty for cluster-scoped objects. */
    public static String namespace(JsonNode object) {
        return Fields.text(object, "metadata", "namespace");
    }

    /** Namespace and name. */
    public static ObjectName objectName(JsonNode object) {
        return new ObjectName(namespace(object), name(object));
    }

    /** The object's uid. */
    public static String uid(JsonNode object) {
        return Fields.text(object, "metadata", "uid");
    }

    /** The object's labels. */
    public static Map<String, String> labels(JsonNode object) {
        return Fields.strings(object, "metadata", "labels");
    }

    /** One annotation; empty when absent. */
    public static String annotation(JsonNode object, String key) {
        return Fields.text(object, "metadata", "annotations", key);
    }

    /** Whether deletion was asked for. */
    public static boolean deleting(JsonNode object) {
        return Fields.has(object, "metadata", "deletionTimestamp");
    }

    /** The generation of the spec. */
    public static long generation(JsonNode object) {
        return Fields.at(object, "metadata", "generation").asLong();
    }

    /** The resourceVersion as a number; 0 when absent. */
    public static long revision(JsonNode object) {
        return Fields.at(object, "metadata", "resourceVersion").asLong(0);
    }

    /** When the object was made; the epoch when unknown. */
    public static Instant created(JsonNode object) {
        return instant(Fields.text(object, "metadata", "creationTimestamp"));
    }

    /** Parses an RFC 3339 time; the epoch when it is none. */
    public static Instant instant(String text) {
        if (text.isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /** A time as Kubernetes writes it: whole seconds, UTC. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The owner that controls the object, or null. */
    public static @Nullable Owner controller(JsonNode object) {
        for (JsonNode owner : Fields.at(object, "metadata", "ownerReferences")) {
            if (Fields.flag(owner, "controller")) {
                return new Owner(
                        Fields.text(owner, "apiVersion"),
                        Fields.text(owner, "kind"),
                        Fields.text(owner, "name"),
                        Fields.text(owner, "uid"));
            }
        }
        return null;
    }

    /** Whether {@code owner} controls {@code object}. */
    public static boolean controlledBy(JsonNode object, JsonNode owner) {
        Owner controller = controller(object);
        return controller != null && controller.uid().equals(uid(owner));
    }

    /** Makes {@code owner} the controller of {@code object}. */
    public static void control(ObjectNode object, ObjectNode owner) {
        ArrayNode owners = Fields.list(Fields.child(object, "metadata"), "ownerReferences");
        owners.addObject()
                .put("apiVersion", Fields.text(owner, "apiVersion"))
                .put("kind", Fields.text(owner, "kind"))
                .put("name", name(owner))
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** Takes {@code owner} out of the owners of {@code object}. */
    public static void release(ObjectNode object, JsonNode owner) {
        ObjectNode metadata = Fields.child(object, "metadata");
        ArrayNode owners = Fields.list(metadata, "ownerReferences");
        for (int i = owners.size() - 1; i >= 0; i--) {
            if (Fields.text(owners.get(i), "uid").equals(uid(owner))) {
                owners.remove(i);
            }
        }
        if (owners.isEmpty()) {
            metadata.remove("ownerReferences");
        }
    }

    /** A controlling owner. */
    public record Owner(String apiVersion, String kind, String name, String uid) {}
}
