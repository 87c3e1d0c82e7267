package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Makes CustomResourceDefinitions of a shape file's {@code kinds}. Pure.
 *
 * <p>A file's {@code common} holds what its kinds say unless they say otherwise. A kind's {@code
 * byVersion} holds by version what is different there; {@code deprecated} is the warning of a
 * deprecated version.
 */
final class ShapeFile {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode file;
    private final ShapeReader shapes;

    private ShapeFile(JsonNode file) {
        this.file = file;
        this.shapes = new ShapeReader(file);
    }

    /** Reads a file beside this class. */
    static ShapeFile resource(String name) {
        return new ShapeFile(read(name));
    }

    /** Reads a file beside this class that is a list of plain objects. */
    static List<ObjectNode> objects(String name) {
        List<ObjectNode> objects = new ArrayList<>();
        read(name).forEach(each -> objects.add((ObjectNode) each));
        return List.copyOf(objects);
    }

    private static JsonNode read(String name) {
        try (InputStream yaml =
                Objects.requireNonNull(ShapeFile.class.getResourceAsStream(name), name)) {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One CustomResourceDefinition a kind, in file order. */
    List<CustomDefinition> definitions() {
        List<CustomDefinition> definitions = new ArrayList<>();
        for (JsonNode kind : file.path("kinds")) {
            definitions.add(CustomDefinition.of(definition(over(file.path("common"), kind))));
        }
        return List.copyOf(definitions);
    }

    /** The fields of one mapping over those of another. */
    private static JsonNode over(JsonNode below, JsonNode above) {
        ObjectNode merged = NODES.objectNode();
        below.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
        above.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
        return merged;
    }

    private ObjectNode definition(JsonNode shape) {
        String kind = shape.path("kind").asText();
        String group = shape.path("group").asText();
        String singular = kind.toLowerCase(Locale.ROOT);
        String plural = shape.path("plural").asText(singular + "s");
        ObjectNode definition =
                NODES.objectNode()
                        .put("apiVersion", "apiextensions.k8s.io/v1")
                        .put("kind", "CustomResourceDefinition");
        ObjectNode metadata = definition.putObject("metadata");
        metadata.put("name", plural + "." + group);
        JsonNode labels = shape.has("labels") ? shape.get("labels") : file.path("labels");
        if (!labels.isEmpty()) {
            metadata.set("labels", labels);
        }
        JsonNode annotations = file.path("annotations");
        if (!annotations.isEmpty()) {
            metadata.set("annotations", annotations);
        }
        ObjectNode spec = definition.putObject("spec").put("group", group);
        ObjectNode names = spec.putObject("names");
        JsonNode categories = categories(shape, group);
        if (!categories.isEmpty()) {
            names.set("categories", categories);
        }
        names.put("kind", kind).put("listKind", kind + "List").put("plural", plural);
        if (shape.has("shortNames")) {
            names.set("shortNames", shape.get("shortNames"));
        }
        names.put("singular", singular);
        spec.put("scope", shape.path("scope").asText("Namespaced"));
        ArrayNode versions = spec.putArray("versions");
        String storage = shape.path("storage").asText(shape.path("versions").get(0).asText());
        for (JsonNode version : shape.path("versions")) {
            String name = version.asText();
            JsonNode here = over(shape, shape.path("byVersion").path(name));
            versions.add(version(here, name, name.equals(storage)));
        }
        return definition;
    }

    private JsonNode categories(JsonNode shape, String group) {
        if (shape.has("categories")) {
            return shape.get("categories");
        }
        ArrayNode categories = NODES.arrayNode();
        for (JsonNode pattern : file.path("categories")) {
            categories.add(
                    pattern.asText().replace("GROUP", group.substring(0, group.indexOf('.'))));
        }
        return categories;
    }

    private ObjectNode version(JsonNode shape, String name, boolean storage) {
        ObjectNode version = NODES.objectNode();
        JsonNode columns = shape.path("columns");
        if (!columns.isEmpty()) {
            ArrayNode printed = version.putArray("additionalPrinterColumns");
            columns.forEach(column -> printed.add(column(column.asText())));
        }
        if (shape.has("deprecated")) {
            version.put("deprecated", true)
                    .put("deprecationWarning", shape.get("deprecated").asText());
        }
        version.put("name", name);
        ObjectNode schema = version.putObject("schema").putObject("openAPIV3Schema");
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        if (shape.path("root").asBoolean()) {
            properties.putObject("apiVersion").put("type", "string");
            properties.putObject("kind").put("type", "string");
            properties.putObject("metadata").put("type", "object");
        }
        properties.set("spec", shapes.schema(shape.path("spec")));
        if (shape.has("status")) {
            properties.set("status", shapes.schema(shape.get("status")));
        } else if (file.path("types").has("Status")) {
            properties.set("status", shapes.schema(NODES.textNode("Status")));
        }
        if (shape.path("specRequired").asBoolean()) {
            schema.putArray("required").add("spec");
        }
        version.put("served", true).put("storage", storage);
        ObjectNode subresources = version.putObject("subresources");
        if (!shape.path("noStatus").asBoolean()) {
            subresources.putObject("status");
        }
        return version;
    }

    /** {@code Age}, or {@code NAME=PATH} with an optional {@code :type} and {@code /priority}. */
    private static ObjectNode column(String text) {
        ObjectNode column = NODES.objectNode();
        if (text.equals("Age")) {
            return column.put("jsonPath", ".metadata.creationTimestamp")
                    .put("name", "Age")
                    .put("type", "date");
        }
        int equals = text.indexOf('=');
        String path = text.substring(equals + 1);
        int priority = path.endsWith("/1") ? 1 : 0;
        if (priority == 1) {
            path = path.substring(0, path.length() - 2);
        }
        column.put("jsonPath", path).put("name", text.substring(0, equals));
        if (priority == 1) {
            column.put("priority", 1);
        }
        return column.put("type", "string");
    }
}
