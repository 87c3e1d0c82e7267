package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.patch.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The metadata that objects of every kind have. */
public final class ObjectMetadata {

    private static final String KIND_GROUP = "";
    private static final String KIND_VERSION = "v1";
    private static final String KIND = "ConfigMap";

    private ObjectMetadata() {}

    /** The structure of metadata, for patches and applied fields. */
    public static Schema schema() {
        return BuiltinSchemas.of(KIND_GROUP, KIND_VERSION, KIND) instanceof Schema.Struct pod
                ? Objects.requireNonNull(pod.fields().apply("metadata")).schema()
                : Schema.Leaf.UNTYPED;
    }

    /**
     * Reads an object's metadata as Go would: reports and drops unknown fields.
     *
     * @param problems takes {@code unknown field "metadata.foo"}
     * @throws DecodeException when a value has a wrong type
     */
    public static void decode(ObjectNode object, List<String> problems) {
        JsonNode metadata = object.get("metadata");
        if (metadata == null) {
            return;
        }
        GoTypes.Struct struct =
                Objects.requireNonNull(GoTypes.shared().kind(KIND_GROUP, KIND_VERSION, KIND));
        ObjectNode wrapped = object.objectNode();
        wrapped.set("metadata", metadata);
        List<String> found = new ArrayList<>();
        try {
            object.set("metadata", GoDecoder.read(wrapped, struct, found).path("metadata"));
        } catch (GoTypeException e) {
            throw new DecodeException(String.valueOf(e.getMessage()), e.conversion());
        }
        problems.addAll(0, found);
    }
}
