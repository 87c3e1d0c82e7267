package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.meshdojo.simulator.apiserver.schema.Schema.Extensions;
import dev.meshdojo.simulator.apiserver.schema.Schema.Limits;
import dev.meshdojo.simulator.apiserver.schema.Schema.Logic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles {@code openAPIV3Schema}. Pure. */
final class SchemaCompiler {

    private SchemaCompiler() {}

    /**
     * Compiles a schema.
     *
     * @throws IllegalArgumentException when a pattern or rule cannot be compiled; the message names
     *     the path
     */
    static Schema compile(JsonNode node) {
        return compile(node, "openAPIV3Schema");
    }

    private static Schema compile(JsonNode node, String path) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        node.path("properties")
                .properties()
                .forEach(
                        entry ->
                                properties.put(
                                        entry.getKey(),
                                        compile(
                                                entry.getValue(),
                                                path + ".properties[" + entry.getKey() + "]")));
        JsonNode additional = node.path("additionalProperties");
        Schema additionalSchema = null;
        if (additional.isObject()) {
            additionalSchema = compile(additional, path + ".additionalProperties");
        } else if (additional.asBoolean()) {
            additionalSchema = compile(JsonNodeFactory.instance.objectNode(), path);
        }
        boolean intOrString = node.path("x-kubernetes-int-or-string").asBoolean();
        return new Schema(
                node.path("type").asText(),
                node.path("format").asText(),
                node.path("nullable").asBoolean(),
                Map.copyOf(properties).isEmpty()
                        ? Map.of()
                        : java.util.Collections.unmodifiableMap(properties),
                additionalSchema,
                node.path("items").isObject() ? compile(node.path("items"), path + ".items") : null,
                texts(node.path("required")),
                node.has("default") ? node.get("default") : null,
                limits(node, path),
                new Logic(
                        list(node.path("allOf"), path + ".allOf"),
                        intOrString ? List.of() : list(node.path("anyOf"), path + ".anyOf"),
                        list(node.path("oneOf"), path + ".oneOf"),
                        node.path("not").isObject()
                                ? compile(node.path("not"), path + ".not")
                                : null),
                new Extensions(
                        node.path("x-kubernetes-preserve-unknown-fields").asBoolean(),
                        node.path("x-kubernetes-embedded-resource").asBoolean(),
                        intOrString,
                        node.path("x-kubernetes-list-type").asText(),
                        texts(node.path("x-kubernetes-list-map-keys")),
                        node.path("x-kubernetes-map-type").asText(),
                        rules(node.path("x-kubernetes-validations"), path)));
    }

    private static Limits limits(JsonNode node, String path) {
        List<JsonNode> allowed = new ArrayList<>();
        node.path("enum").forEach(allowed::add);
        Pattern pattern = null;
        if (node.hasNonNull("pattern")) {
            try {
                pattern = Pattern.compile(node.path("pattern").asText());
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(path + ".pattern: " + e.getMessage(), e);
            }
        }
        return new Limits(
                decimal(node, "minimum"),
                node.path("exclusiveMinimum").asBoolean(),
                decimal(node, "maximum"),
                node.path("exclusiveMaximum").asBoolean(),
                decimal(node, "multipleOf"),
                integer(node, "minLength"),
                integer(node, "maxLength"),
                integer(node, "minItems"),
                integer(node, "maxItems"),
                node.path("uniqueItems").asBoolean(),
                integer(node, "minProperties"),
                integer(node, "maxProperties"),
                pattern,
                List.copyOf(allowed));
    }

    private static List<CelRule> rules(JsonNode nodes, String path) {
        List<CelRule> rules = new ArrayList<>();
        int index = 0;
        for (JsonNode node : nodes) {
            String at = path + ".x-kubernetes-validations[" + index++ + "]";
            rules.add(
                    new CelRule(
                            node.path("rule").asText(),
                            node.path("message").asText(),
                            node.path("messageExpression").asText(),
                            node.path("reason").asText(),
                            node.path("fieldPath").asText(),
                            node.path("optionalOldSelf").asBoolean(),
                            at));
        }
        return List.copyOf(rules);
    }

    private static List<Schema> list(JsonNode nodes, String path) {
        List<Schema> schemas = new ArrayList<>();
        nodes.forEach(node -> schemas.add(compile(node, path)));
        return List.copyOf(schemas);
    }

    private static List<String> texts(JsonNode nodes) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.asText()));
        return List.copyOf(texts);
    }

    private static @Nullable Double decimal(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asDouble() : null;
    }

    private static @Nullable Integer integer(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asInt() : null;
    }
}
