package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Schemas of custom kinds, taken from their CustomResourceDefinitions. Thread-safe. */
final class CustomSchemas {

    /** What OpenAPI v2 knows of a schema; the rest is left out there. */
    private static final Set<String> V2_KEYS =
            Set.of(
                    "description",
                    "type",
                    "format",
                    "enum",
                    "items",
                    "properties",
                    "required",
                    "additionalProperties",
                    "pattern",
                    "minimum",
                    "maximum",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "uniqueItems",
                    "multipleOf",
                    "title");

    private static final String PRESERVES = "x-kubernetes-preserve-unknown-fields";
    private static final List<String> NESTED = List.of("items", "additionalProperties");

    private final ResourceApi api;

    /**
     * @param api where the definitions are read
     */
    CustomSchemas(ResourceApi api) {
        this.api = api;
    }

    /** {@code io.istio.networking.v1.VirtualService}: the group reversed, version and kind. */
    static String definitionName(ResourceDefinition resource, String version) {
        List<String> parts = Arrays.asList(resource.group().split("\\."));
        Collections.reverse(parts);
        return String.join(".", parts) + "." + version + "." + resource.kind();
    }

    /** The schemas of a kind and of its list in one version, by name. */
    Map<String, ObjectNode> of(ResourceDefinition resource, String version, Dialect dialect) {
        JsonNode declared = declared(resource, version);
        ObjectNode schema =
                declared.isObject()
                        ? ((ObjectNode) declared).deepCopy()
                        : JsonNodeFactory.instance.objectNode().put("type", "object");
        if (dialect == Dialect.V2) {
            toV2(schema);
        }
        addEmbedded(schema, dialect);
        JsonNode given = schema.path("properties");
        ObjectNode properties =
                given.isObject() ? (ObjectNode) given : schema.putObject("properties");
        addTypeMeta(properties);
        properties.set("metadata", metadata(dialect, CommonDefinitions.OBJECT_META));
        addKind(schema, resource.group(), version, resource.kind());
        String name = definitionName(resource, version);
        Map<String, ObjectNode> schemas = new TreeMap<>();
        schemas.put(name, schema);
        schemas.put(
                name.substring(0, name.lastIndexOf('.') + 1) + resource.listKind(),
                list(resource, version, name, dialect));
        return schemas;
    }

    /** What identifies the state of a kind's schema, for caches of documents. */
    String state(ResourceDefinition resource) {
        ObjectNode definition = definition(resource);
        if (definition == null) {
            return "";
        }
        JsonNode metadata = definition.path("metadata");
        return metadata.path("uid").asText() + "/" + metadata.path("generation").asText();
    }

    private JsonNode declared(ResourceDefinition resource, String version) {
        ObjectNode definition = definition(resource);
        if (definition != null) {
            for (JsonNode candidate : definition.path("spec").path("versions")) {
                if (candidate.path("name").asText().equals(version)) {
                    return candidate.path("schema").path("openAPIV3Schema");
                }
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    private @org.jspecify.annotations.Nullable ObjectNode definition(ResourceDefinition resource) {
        return api.find(
                new ResourceKey(
                        "apiextensions.k8s.io",
                        "customresourcedefinitions",
                        "",
                        resource.groupResource()));
    }

    private static void addTypeMeta(ObjectNode properties) {
        properties
                .putObject("apiVersion")
                .put("description", FieldTexts.ofField("", "apiVersion"))
                .put("type", "string");
        properties
                .putObject("kind")
                .put("description", FieldTexts.ofField("", "kind"))
                .put("type", "string");
    }

    private static ObjectNode metadata(Dialect dialect, String definition) {
        return dialect.extensibleReference(definition)
                .put("description", FieldTexts.ofField("", "metadata"));
    }

    private static void addKind(ObjectNode schema, String group, String version, String kind) {
        schema.putArray("x-kubernetes-group-version-kind")
                .add(BuiltInSchemas.kind(group, version, kind));
    }

    private static ObjectNode list(
            ResourceDefinition resource, String version, String element, Dialect dialect) {
        ObjectNode schema =
                JsonNodeFactory.instance
                        .objectNode()
                        .put(
                                "description",
                                resource.listKind() + " is a list of " + resource.kind())
                        .put("type", "object");
        schema.putArray("required").add("items");
        ObjectNode properties = schema.putObject("properties");
        addTypeMeta(properties);
        properties
                .putObject("items")
                .put("description", "List of " + resource.plural() + ".")
                .put("type", "array")
                .set("items", dialect.reference(element));
        properties.set("metadata", metadata(dialect, CommonDefinitions.LIST_META));
        addKind(schema, resource.group(), version, resource.listKind());
        return schema;
    }

    /**
     * Gives embedded objects the fields that each object has; not those that v2 lets be anything,
     * since clients would refuse their other fields.
     */
    private static void addEmbedded(ObjectNode schema, Dialect dialect) {
        for (JsonNode property : schema.path("properties")) {
            addEmbedded((ObjectNode) property, dialect);
        }
        for (String nested : NESTED) {
            if (schema.path(nested) instanceof ObjectNode inner) {
                addEmbedded(inner, dialect);
            }
        }
        boolean open = schema.path(PRESERVES).asBoolean();
        if (!schema.path("x-kubernetes-embedded-resource").asBoolean()
                || (open && dialect == Dialect.V2)) {
            return;
        }
        JsonNode given = schema.path("properties");
        ObjectNode properties =
                given.isObject() ? (ObjectNode) given : schema.putObject("properties");
        addTypeMeta(properties);
        properties.set("metadata", metadata(dialect, CommonDefinitions.OBJECT_META));
        Set<String> required = new LinkedHashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        required.add("kind");
        required.add("apiVersion");
        ArrayNode names = schema.putArray("required");
        required.forEach(names::add);
    }

    /**
     * Drops what v2 does not know, at every level. A nullable value and one with unknown fields may
     * be anything there; a list whose elements are not known may be, too.
     */
    private static void toV2(ObjectNode schema) {
        boolean nullable = schema.path("nullable").asBoolean();
        boolean open = schema.path(PRESERVES).asBoolean();
        String type = schema.path("type").asText();
        dropNullable(schema);
        schema.properties()
                .removeIf(
                        entry ->
                                !V2_KEYS.contains(entry.getKey())
                                        && !entry.getKey().startsWith("x-kubernetes-"));
        schema.remove(List.of("x-kubernetes-validations"));
        if (nullable || open) {
            schema.remove(List.of("items", "properties"));
        }
        if (nullable
                || (open && type.equals("object"))
                || (type.equals("array") && !schema.has("items"))) {
            schema.remove("type");
        }
        for (JsonNode property : schema.path("properties")) {
            toV2((ObjectNode) property);
        }
        for (String nested : NESTED) {
            if (schema.path(nested) instanceof ObjectNode inner) {
                toV2(inner);
            }
        }
    }

    /** A nullable field is not required in v2. */
    private static void dropNullable(ObjectNode schema) {
        if (!(schema.path("required") instanceof ArrayNode required)) {
            return;
        }
        JsonNode properties = schema.path("properties");
        Iterator<JsonNode> names = required.elements();
        while (names.hasNext()) {
            if (properties.path(names.next().asText()).path("nullable").asBoolean()) {
                names.remove();
            }
        }
        if (required.isEmpty()
                || schema.path("additionalProperties").path("nullable").asBoolean()) {
            schema.remove("required");
        }
    }
}
