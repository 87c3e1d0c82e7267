package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.builtin.ObjectMetadata;
import dev.meshdojo.simulator.apiserver.patch.Schema.Leaf;
import dev.meshdojo.simulator.apiserver.patch.Schema.ListKind;
import dev.meshdojo.simulator.apiserver.patch.Schema.ListOf;
import dev.meshdojo.simulator.apiserver.patch.Schema.MapOf;
import dev.meshdojo.simulator.apiserver.patch.Schema.Property;
import dev.meshdojo.simulator.apiserver.patch.Schema.Struct;
import org.jspecify.annotations.Nullable;

/** Shows a structural schema as the structure that patches and applied fields work on. */
final class PatchSchemas {

    private PatchSchemas() {}

    /** The structure of whole objects, which have Kubernetes' metadata. */
    static dev.meshdojo.simulator.apiserver.patch.Schema ofObject(Schema schema) {
        return new Struct(
                name ->
                        switch (name) {
                            case "apiVersion", "kind" -> Property.of(Leaf.SCALAR);
                            case "metadata" -> Property.of(ObjectMetadata.schema());
                            default -> property(schema, name);
                        },
                false,
                schema.extensions().preserveUnknown());
    }

    private static @Nullable Property property(Schema schema, String name) {
        Schema child = schema.properties().get(name);
        if (child == null) {
            return null;
        }
        JsonNode value = child.defaultValue();
        return new Property(of(child), false, false, false, null, value);
    }

    private static dev.meshdojo.simulator.apiserver.patch.Schema of(Schema schema) {
        boolean atomic = schema.extensions().mapType().equals("atomic");
        return switch (schema.type()) {
            case "object" -> {
                Schema additional = schema.additional();
                if (schema.properties().isEmpty() && additional != null) {
                    yield new MapOf(of(additional), atomic);
                }
                yield schema.properties().isEmpty() && !atomic
                        ? Leaf.UNTYPED
                        : new Struct(
                                name -> property(schema, name),
                                atomic,
                                schema.extensions().preserveUnknown());
            }
            case "array" -> {
                Schema items = schema.items();
                yield new ListOf(
                        items == null ? Leaf.UNTYPED : of(items),
                        switch (schema.extensions().listType()) {
                            case "set" -> ListKind.SET;
                            case "map" -> ListKind.MAP;
                            default -> ListKind.ATOMIC;
                        },
                        schema.extensions().listMapKeys());
            }
            case "" -> schema.extensions().intOrString() ? Leaf.SCALAR : Leaf.UNTYPED;
            case "integer", "number" -> Leaf.NUMBER;
            case "boolean" -> Leaf.BOOLEAN;
            case "string" -> Leaf.STRING;
            default -> Leaf.SCALAR;
        };
    }
}
