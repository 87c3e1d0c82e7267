package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the compact notation of our shape files into OpenAPI schemas. Pure.
 *
 * <p>A field's shape is a word or a mapping. Words: {@code string}, {@code bool}, {@code int32},
 * {@code int64}, {@code uint32}, {@code uint64}, {@code integer}, {@code double}, {@code any} (an
 * object of unknown content), {@code intOrString}, {@code enum(A, B)}, the name of a type, {@code
 * [X]} for a list, <code>{X}</code> for a map; behind it {@code ?} for nullable and {@code min=}
 * {@code max=} (length), {@code from=} {@code to=} (value), {@code in=} (the only integers), {@code
 * format=}, {@code default=} (empty for an empty text), {@code pattern=} (to the end), {@code
 * rule=} (names of rules).
 *
 * <p>A mapping is an object; a name that ends in {@code !} is required. Keys that begin with {@code
 * ~} are about the mapping itself: {@code ~list} and {@code ~map} (with {@code min}, {@code max},
 * {@code keys}, {@code rules}, {@code listType}), {@code ~text} (a word with {@code rules}), {@code
 * ~oneOf} (groups of names of which at most one may be set), {@code ~rules}, {@code ~include}
 * (fields of another type), {@code ~schema} (further keywords as they are).
 *
 * <p>A rule whose rule and message hold {@code <1>}, {@code <2>} and so on is used with arguments:
 * {@code name(a,b)}. A file's {@code listType} is that of its lists that say none.
 */
final class ShapeReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final long MAX_UINT32 = 4_294_967_295L;
    private static final Pattern MODIFIER = Pattern.compile("(\\w+)=(\\S*)");

    private final JsonNode types;
    private final JsonNode rules;
    private final String listType;

    /**
     * @param file a shape file: {@code types} and {@code rules} by name
     */
    ShapeReader(JsonNode file) {
        this.types = file.path("types");
        this.rules = file.path("rules");
        this.listType = file.path("listType").asText();
    }

    /** The OpenAPI schema of a shape. */
    ObjectNode schema(JsonNode shape) {
        if (shape.isTextual()) {
            return word(shape.asText().strip());
        }
        if (shape.has("~list")) {
            return list(shape);
        }
        if (shape.has("~map")) {
            ObjectNode map = NODES.objectNode().put("type", "object");
            map.set("additionalProperties", schema(shape.get("~map")));
            copyNumber(shape, "min", map, "minProperties");
            copyNumber(shape, "max", map, "maxProperties");
            addRules(map, shape.path("rules"));
            return map;
        }
        if (shape.has("~text")) {
            ObjectNode text = schema(shape.get("~text"));
            addRules(text, shape.path("rules"));
            return text;
        }
        return object(shape);
    }

    private ObjectNode list(JsonNode shape) {
        ObjectNode list = NODES.objectNode().put("type", "array");
        list.set("items", schema(shape.get("~list")));
        copyNumber(shape, "min", list, "minItems");
        copyNumber(shape, "max", list, "maxItems");
        if (shape.has("keys")) {
            list.put("x-kubernetes-list-type", "map");
            list.set("x-kubernetes-list-map-keys", shape.get("keys"));
        } else if (shape.has("listType") || !listType.isEmpty()) {
            list.put("x-kubernetes-list-type", shape.path("listType").asText(listType));
        }
        if (shape.has("default")) {
            list.set("default", shape.get("default"));
        }
        addRules(list, shape.path("rules"));
        return list;
    }

    private ObjectNode object(JsonNode shape) {
        ObjectNode object = NODES.objectNode().put("type", "object");
        ArrayNode required = NODES.arrayNode();
        ObjectNode properties = NODES.objectNode();
        addFields(shape, properties, required);
        if (!properties.isEmpty()) {
            object.set("properties", properties);
        }
        if (!required.isEmpty()) {
            object.set("required", required);
        }
        addRules(object, shape.path("~rules"));
        addAlternatives(object, shape.path("~oneOf"));
        shape.path("~schema")
                .properties()
                .forEach(entry -> object.set(entry.getKey(), entry.getValue()));
        return object;
    }

    private void addFields(JsonNode shape, ObjectNode properties, ArrayNode required) {
        if (shape.has("~include")) {
            addFields(types.path(shape.get("~include").asText()), properties, required);
        }
        shape.properties()
                .forEach(
                        entry -> {
                            String name = entry.getKey();
                            if (name.startsWith("~")) {
                                return;
                            }
                            if (name.endsWith("!")) {
                                name = name.substring(0, name.length() - 1);
                                required.add(name);
                            }
                            properties.set(name, schema(entry.getValue()));
                        });
    }

    private ObjectNode word(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return list(NODES.objectNode().put("~list", text.substring(1, text.length() - 1)));
        }
        if (text.startsWith("{") && text.endsWith("}")) {
            ObjectNode map = NODES.objectNode().put("type", "object");
            map.set("additionalProperties", word(text.substring(1, text.length() - 1)));
            return map;
        }
        if (text.startsWith("enum(")) {
            return enumeration(text);
        }
        int end = text.indexOf(' ');
        String name = end < 0 ? text : text.substring(0, end);
        boolean nullable = name.endsWith("?");
        if (nullable) {
            name = name.substring(0, name.length() - 1);
        }
        ObjectNode schema = named(name);
        if (nullable) {
            schema.put("nullable", true);
        }
        if (end > 0) {
            modify(schema, text.substring(end + 1));
        }
        return schema;
    }

    private ObjectNode enumeration(String text) {
        int close = text.indexOf(')');
        ObjectNode schema = NODES.objectNode().put("type", "string");
        ArrayNode values = schema.putArray("enum");
        for (String value : text.substring("enum(".length(), close).split(",")) {
            values.add(value.strip());
        }
        String rest = text.substring(close + 1).strip();
        if (!rest.isEmpty()) {
            modify(schema, rest);
        }
        return schema;
    }

    private ObjectNode named(String name) {
        ObjectNode schema = NODES.objectNode();
        switch (name) {
            case "string" -> schema.put("type", "string");
            case "bool" -> schema.put("type", "boolean");
            case "integer" -> schema.put("type", "integer");
            case "int32", "int64" -> schema.put("format", name).put("type", "integer");
            case "uint32" ->
                    schema.put("type", "integer").put("minimum", 0).put("maximum", MAX_UINT32);
            case "uint64" -> schema.put("type", "integer").put("minimum", 0);
            case "double" -> schema.put("format", "double").put("type", "number");
            case "any" ->
                    schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
            case "intOrString" -> {
                ArrayNode anyOf = schema.putArray("anyOf");
                anyOf.addObject().put("type", "integer");
                anyOf.addObject().put("type", "string");
                schema.put("x-kubernetes-int-or-string", true);
            }
            default -> {
                if (!types.has(name)) {
                    throw new IllegalArgumentException("shape file: no type " + name);
                }
                schema = schema(types.get(name));
            }
        }
        return schema;
    }

    private void modify(ObjectNode schema, String modifiers) {
        String rest = modifiers;
        int pattern = rest.indexOf("pattern=");
        if (pattern >= 0) {
            schema.put("pattern", rest.substring(pattern + "pattern=".length()));
            rest = rest.substring(0, pattern);
        }
        Matcher matcher = MODIFIER.matcher(rest);
        while (matcher.find()) {
            String value = matcher.group(2);
            switch (matcher.group(1)) {
                case "min" -> schema.put("minLength", Integer.parseInt(value));
                case "max" -> schema.put("maxLength", Integer.parseInt(value));
                case "from" -> schema.put("minimum", Long.parseLong(value));
                case "to" -> schema.put("maximum", Long.parseLong(value));
                case "in" -> {
                    ArrayNode values = schema.putArray("enum");
                    for (String each : value.split(",")) {
                        values.add(Long.parseLong(each));
                    }
                }
                case "format" -> schema.put("format", value);
                case "default" -> putDefault(schema, value);
                case "rule" -> {
                    ArrayNode names = NODES.arrayNode();
                    for (String name : value.split(",")) {
                        names.add(name);
                    }
                    addRules(schema, names);
                }
                default ->
                        throw new IllegalArgumentException(
                                "shape file: unknown modifier " + matcher.group());
            }
        }
    }

    private static void putDefault(ObjectNode schema, String value) {
        switch (schema.path("type").asText()) {
            case "integer" -> schema.put("default", Long.parseLong(value));
            case "boolean" -> schema.put("default", Boolean.parseBoolean(value));
            default -> schema.put("default", value);
        }
    }

    private static void copyNumber(JsonNode from, String field, ObjectNode to, String keyword) {
        if (from.has(field)) {
            to.put(keyword, from.get(field).asInt());
        }
    }

    private void addRules(ObjectNode schema, JsonNode names) {
        if (names.isEmpty()) {
            return;
        }
        ArrayNode validations = schema.withArray("/x-kubernetes-validations");
        for (JsonNode name : names) {
            validations.add(name.isTextual() ? rule(name.asText()) : name);
        }
    }

    /** The rule of {@code name} or {@code name(arguments)}. */
    private JsonNode rule(String use) {
        int open = use.indexOf('(');
        JsonNode rule = rules.path(open < 0 ? use : use.substring(0, open));
        if (!rule.has("rule")) {
            throw new IllegalArgumentException("shape file: no rule " + use);
        }
        if (open < 0) {
            return rule;
        }
        String[] arguments = use.substring(open + 1, use.lastIndexOf(')')).split(",", -1);
        ObjectNode filled = NODES.objectNode();
        rule.properties()
                .forEach(entry -> filled.put(entry.getKey(), fill(entry.getValue(), arguments)));
        return filled;
    }

    private static String fill(JsonNode template, String[] arguments) {
        String text = template.asText();
        for (int i = 0; i < arguments.length; i++) {
            text = text.replace("<" + (i + 1) + ">", arguments[i].strip());
        }
        return text;
    }

    /** At most one of each group: none at all, or exactly one of them. */
    private static void addAlternatives(ObjectNode schema, JsonNode groups) {
        if (groups.isEmpty()) {
            return;
        }
        if (groups.size() == 1) {
            schema.set("oneOf", alternatives(groups.get(0)));
            return;
        }
        ArrayNode all = schema.putArray("allOf");
        for (Iterator<JsonNode> each = groups.elements(); each.hasNext(); ) {
            all.addObject().set("oneOf", alternatives(each.next()));
        }
    }

    private static ArrayNode alternatives(JsonNode names) {
        ArrayNode oneOf = NODES.arrayNode();
        ArrayNode anyOf = oneOf.addObject().putObject("not").putArray("anyOf");
        for (JsonNode name : names) {
            anyOf.addObject().putArray("required").add(name.asText());
        }
        for (JsonNode name : names) {
            oneOf.addObject().putArray("required").add(name.asText());
        }
        return oneOf;
    }
}
