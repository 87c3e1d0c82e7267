package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.model.Field;
import dev.meshdojo.simulator.apiserver.model.FieldType;
import dev.meshdojo.simulator.apiserver.model.KubernetesTypes;
import dev.meshdojo.simulator.apiserver.model.ObjectType;
import dev.meshdojo.simulator.apiserver.patch.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Shows the model of the built-in types as the structure that patches work on. Shared by all. */
final class BuiltinSchemas {

    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private BuiltinSchemas() {}

    static Schema of(String group, String version, String kind) {
        ObjectType type = KubernetesTypes.shared().kind(group, version, kind);
        return type == null ? Schema.Leaf.UNTYPED : struct(type);
    }

    private static Schema struct(ObjectType type) {
        return SCHEMAS.computeIfAbsent(
                type.name(),
                _ -> {
                    Map<String, Optional<Schema.Property>> known = new ConcurrentHashMap<>();
                    return new Schema.Struct(
                            name ->
                                    known.computeIfAbsent(name, n -> property(type, n))
                                            .orElse(null),
                            type.atomic(),
                            false);
                });
    }

    private static Optional<Schema.Property> property(ObjectType type, String name) {
        Field field = type.field(name);
        if (field == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Schema.Property(
                        schema(field.type(), field),
                        field.merges(),
                        field.patchStrategies().contains(Field.PatchStrategy.RETAIN_KEYS),
                        field.patchStrategies().contains(Field.PatchStrategy.REPLACE),
                        field.patchMergeKey(),
                        keyDefault(field)));
    }

    /** What a required scalar is when it is left out, as the OpenAPI schemas say. */
    private static @Nullable JsonNode keyDefault(Field field) {
        if (field.defaultValue() != null || !field.required()) {
            return field.defaultValue();
        }
        return switch (field.type()) {
            case FieldType.Scalar scalar ->
                    switch (scalar) {
                        case STRING -> TextNode.valueOf("");
                        case INT32, INT64 -> IntNode.valueOf(0);
                        default -> null;
                    };
            default -> null;
        };
    }

    private static Schema schema(FieldType type, @Nullable Field field) {
        return switch (type) {
            case FieldType.Scalar scalar ->
                    switch (scalar) {
                        case RAW, ANY, JSON, SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS ->
                                Schema.Leaf.UNTYPED;
                        case INT32, INT64, DOUBLE -> Schema.Leaf.NUMBER;
                        case BOOLEAN -> Schema.Leaf.BOOLEAN;
                        case QUANTITY, INT_OR_STRING -> Schema.Leaf.SCALAR;
                        case STRING, BYTES, TIME, MICRO_TIME, DURATION -> Schema.Leaf.STRING;
                    };
            case FieldType.MapOf map ->
                    new Schema.MapOf(schema(map.value(), null), field != null && field.atomic());
            case FieldType.ListOf list ->
                    new Schema.ListOf(
                            schema(list.element(), null),
                            field == null ? Schema.ListKind.ATOMIC : kind(field),
                            field == null ? java.util.List.of() : field.listMapKeys());
            case FieldType.Ref ref -> reference(ref, field != null && field.atomic());
        };
    }

    private static Schema.ListKind kind(Field field) {
        return switch (field.listType()) {
            case ATOMIC -> Schema.ListKind.ATOMIC;
            case SET -> Schema.ListKind.SET;
            case MAP -> Schema.ListKind.MAP;
        };
    }

    private static Schema reference(FieldType.Ref ref, boolean atomic) {
        ObjectType type = KubernetesTypes.shared().find(ref.definition());
        if (type == null) {
            return Schema.Leaf.UNTYPED;
        }
        return struct(type) instanceof Schema.Struct struct && atomic && !struct.atomic()
                ? new Schema.Struct(struct.fields(), true, struct.open())
                : struct(type);
    }
}
