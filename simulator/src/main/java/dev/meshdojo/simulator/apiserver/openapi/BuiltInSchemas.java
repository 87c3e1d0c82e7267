package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.model.Field;
import dev.meshdojo.simulator.apiserver.model.FieldType;
import dev.meshdojo.simulator.apiserver.model.FieldType.ListOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.MapOf;
import dev.meshdojo.simulator.apiserver.model.FieldType.Ref;
import dev.meshdojo.simulator.apiserver.model.FieldType.Scalar;
import dev.meshdojo.simulator.apiserver.model.KindDefinition;
import dev.meshdojo.simulator.apiserver.model.KubernetesTypes;
import dev.meshdojo.simulator.apiserver.model.ObjectType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Schemas of the built-in definitions in one dialect. Not thread-safe. */
final class BuiltInSchemas {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final KubernetesTypes types;
    private final Dialect dialect;
    private final Map<String, List<KindDefinition>> kinds = new HashMap<>();
    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final List<String> open = new ArrayList<>();

    BuiltInSchemas(KubernetesTypes types, Dialect dialect) {
        this.types = types;
        this.dialect = dialect;
        for (KindDefinition kind : types.kinds()) {
            kinds.computeIfAbsent(kind.definition(), _ -> new ArrayList<>()).add(kind);
        }
    }

    /** Schemas of the given definitions and of all they refer to, by name. */
    Map<String, ObjectNode> closure(Collection<String> definitions) {
        open.addAll(definitions);
        while (!open.isEmpty()) {
            String name = open.removeLast();
            if (!schemas.containsKey(name)) {
                ObjectNode schema = schema(name);
                if (schema != null) {
                    schemas.put(name, schema);
                }
            }
        }
        return schemas;
    }

    private @Nullable ObjectNode schema(String name) {
        ObjectNode common = CommonDefinitions.schema(name, dialect);
        if (common != null) {
            return common;
        }
        ObjectType type = types.find(name);
        return type == null ? null : schema(type);
    }

    private ObjectNode schema(ObjectType type) {
        ObjectNode schema = JSON.objectNode();
        schema.put("description", FieldTexts.ofType(type.name()));
        schema.put("type", "object");
        ArrayNode required = JSON.arrayNode();
        ObjectNode properties = JSON.objectNode();
        for (Field field : type.fields().values()) {
            properties.set(field.name(), property(type, field));
            if (field.required()) {
                required.add(field.name());
            }
        }
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (type.atomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        addKinds(schema, kinds.get(type.name()));
        return schema;
    }

    private static void addKinds(ObjectNode schema, @Nullable List<KindDefinition> kinds) {
        if (kinds != null) {
            ArrayNode list = schema.putArray("x-kubernetes-group-version-kind");
            for (KindDefinition kind : kinds) {
                list.add(kind(kind.group(), kind.version(), kind.kind()));
            }
        }
    }

    static ObjectNode kind(String group, String version, String kind) {
        return JSON.objectNode().put("group", group).put("kind", kind).put("version", version);
    }

    private ObjectNode property(ObjectType owner, Field field) {
        ObjectNode schema =
                field.name().equals("fieldsV1")
                        ? reference(CommonDefinitions.FIELDS)
                        : type(field.type());
        schema.put("description", FieldTexts.ofField(owner.name(), field.name()));
        addValues(schema, field);
        addMerging(schema, field);
        return schema;
    }

    /** Values of a list are its elements'. */
    private static void addValues(ObjectNode schema, Field field) {
        if (!field.enumValues().isEmpty()) {
            JsonNode items = schema.path("items");
            ArrayNode values = (items.isObject() ? (ObjectNode) items : schema).putArray("enum");
            field.enumValues().forEach(values::add);
        }
        JsonNode defaultValue = field.defaultValue();
        if (defaultValue != null) {
            schema.set("default", defaultValue);
        }
    }

    private static void addMerging(ObjectNode schema, Field field) {
        if (field.type() instanceof ListOf) {
            schema.put("x-kubernetes-list-type", field.listType().name().toLowerCase(Locale.ROOT));
            if (!field.listMapKeys().isEmpty()) {
                ArrayNode keys = schema.putArray("x-kubernetes-list-map-keys");
                field.listMapKeys().forEach(keys::add);
            }
        }
        if (field.atomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        if (!field.patchStrategies().isEmpty()) {
            List<String> strategies =
                    field.patchStrategies().stream()
                            .sorted()
                            .map(
                                    strategy ->
                                            switch (strategy) {
                                                case MERGE -> "merge";
                                                case REPLACE -> "replace";
                                                case RETAIN_KEYS -> "retainKeys";
                                            })
                            .toList();
            schema.put("x-kubernetes-patch-strategy", String.join(",", strategies));
        }
        if (field.patchMergeKey() != null) {
            schema.put("x-kubernetes-patch-merge-key", field.patchMergeKey());
        }
    }

    private ObjectNode reference(String definition) {
        open.add(definition);
        return dialect.extensibleReference(definition);
    }

    private ObjectNode type(FieldType type) {
        return switch (type) {
            case Ref ref -> reference(ref.definition());
            case ListOf list -> {
                ObjectNode schema = JSON.objectNode().put("type", "array");
                schema.set("items", type(list.element()));
                yield schema;
            }
            case MapOf map -> {
                ObjectNode schema = JSON.objectNode().put("type", "object");
                schema.set("additionalProperties", type(map.value()));
                yield schema;
            }
            case Scalar scalar -> scalar(scalar);
        };
    }

    private ObjectNode scalar(Scalar scalar) {
        String definition = CommonDefinitions.nameOf(scalar);
        if (definition != null) {
            return reference(definition);
        }
        ObjectNode schema = JSON.objectNode();
        return switch (scalar) {
            case BOOLEAN -> schema.put("type", "boolean");
            case INT32 -> schema.put("type", "integer").put("format", "int32");
            case INT64 -> schema.put("type", "integer").put("format", "int64");
            case DOUBLE -> schema.put("type", "number").put("format", "double");
            case BYTES -> schema.put("type", "string").put("format", "byte");
            case ANY -> schema;
            default -> schema.put("type", "string");
        };
    }
}
