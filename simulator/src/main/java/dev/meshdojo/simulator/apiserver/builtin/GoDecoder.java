package dev.meshdojo.simulator.apiserver.builtin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.builtin.GoTypes.Field;
import dev.meshdojo.simulator.apiserver.builtin.GoTypes.Kind;
import dev.meshdojo.simulator.apiserver.builtin.GoTypes.Resolved;
import dev.meshdojo.simulator.apiserver.builtin.GoTypes.Struct;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Passes an object through its Go type: what comes out is what the type would encode again. Fields
 * the type lacks are reported and dropped; fields come in Go's order; zero values that the type
 * leaves out are gone and those it insists on are there; a value of a wrong type is an error in
 * Go's words.
 */
final class GoDecoder {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Resolved BYTE = new Resolved(Kind.INT, false, null, null, "uint8");
    private static final Pattern TIME =
            Pattern.compile(
                    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");

    private static final Pattern MICRO_TIME =
            Pattern.compile(
                    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6,}(Z|[+-]\\d\\d:\\d\\d)");

    private final @Nullable List<String> problems;
    private final boolean stored;

    private GoDecoder(@Nullable List<String> problems, boolean stored) {
        this.problems = problems;
        this.stored = stored;
    }

    /**
     * Decodes and encodes again.
     *
     * @param problems takes unknown fields in document order; null drops them silently
     * @throws GoTypeException when a value cannot be decoded
     */
    static ObjectNode read(ObjectNode object, Struct type, @Nullable List<String> problems) {
        GoDecoder decoder = new GoDecoder(problems, false);
        decoder.check(object, type, "", "");
        return decoder.encode(object, type);
    }

    /**
     * Decodes and encodes again as an object comes back from the store, which does not tell an
     * empty list from none.
     */
    static ObjectNode store(ObjectNode object, Struct type) {
        GoDecoder decoder = new GoDecoder(null, true);
        decoder.check(object, type, "", "");
        return decoder.encode(object, type);
    }

    /** What the type encodes when nothing is set. */
    static ObjectNode empty(Struct type) {
        return new GoDecoder(null, false).encode(JSON.objectNode(), type);
    }

    /** Walks in document order, so that problems are found as a decoder finds them. */
    private void check(ObjectNode object, Struct type, String path, String goPath) {
        for (var entry : object.properties()) {
            String name = entry.getKey();
            Field field = type.fields().get(name);
            if (field == null) {
                if (problems != null) {
                    problems.add("unknown field \"" + join(path, name) + "\"");
                }
                continue;
            }
            checkValue(
                    entry.getValue(),
                    field.type().resolve(),
                    type,
                    join(path, name),
                    join(goPath, field.goPath()));
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void checkValue(
            JsonNode value, Resolved type, Struct owner, String path, String goPath) {
        if (value.isNull()) {
            return;
        }
        switch (type.kind()) {
            case STRUCT -> {
                if (!(value instanceof ObjectNode object)) {
                    throw mismatch(value, type, owner, goPath);
                }
                check(object, java.util.Objects.requireNonNull(type.struct()), path, goPath);
            }
            case LIST -> {
                if (!(value instanceof ArrayNode list)) {
                    throw mismatch(value, type, owner, goPath);
                }
                Resolved element = java.util.Objects.requireNonNull(type.element()).resolve();
                int index = 0;
                for (JsonNode item : list) {
                    checkValue(item, element, owner, path + "[" + index++ + "]", goPath);
                }
            }
            case MAP -> {
                if (!(value instanceof ObjectNode map)) {
                    throw mismatch(value, type, owner, goPath);
                }
                Resolved element = java.util.Objects.requireNonNull(type.element()).resolve();
                for (var entry : map.properties()) {
                    checkValue(
                            entry.getValue(), element, owner, join(path, entry.getKey()), goPath);
                }
            }
            default -> checkScalar(value, type, owner, goPath);
        }
    }

    private static void checkScalar(JsonNode value, Resolved type, Struct owner, String goPath) {
        switch (type.kind()) {
            case STRING -> {
                if (!value.isTextual()) {
                    throw mismatch(value, type, owner, goPath);
                }
            }
            case BOOL -> {
                if (!value.isBoolean()) {
                    throw mismatch(value, type, owner, goPath);
                }
            }
            case INT -> {
                if (!value.isIntegralNumber() || !fits(value, type.display())) {
                    throw mismatch(value, type, owner, goPath);
                }
            }
            case FLOAT -> {
                if (!value.isNumber()) {
                    throw mismatch(value, type, owner, goPath);
                }
            }
            case BYTES -> {
                if (value.isArray()) {
                    for (JsonNode item : value) {
                        if (!item.isIntegralNumber() || item.asInt() < 0 || item.asInt() > 255) {
                            throw mismatch(item, BYTE, owner, goPath);
                        }
                    }
                } else if (value.isTextual()) {
                    Base64Text.check(value.asText());
                } else if (!value.isBinary()) {
                    throw mismatch(value, type, owner, goPath);
                }
            }
            case TIME, MICRO_TIME -> {
                if (!value.isTextual()) {
                    throw foreign(value, "string", owner, goPath);
                }
                boolean micro = type.kind() == Kind.MICRO_TIME;
                if (!(micro ? MICRO_TIME : TIME).matcher(value.asText()).matches()) {
                    throw new GoTypeException(GoTime.complaint(value.asText(), micro));
                }
            }
            case QUANTITY -> {
                String complaint =
                        value.isTextual() || value.isNumber()
                                ? Quantities.complaint(value.asText().strip())
                                : Quantities.FORMAT;
                if (complaint != null) {
                    throw new GoTypeException(complaint);
                }
            }
            case INT_OR_STRING -> {
                if ((!value.isTextual() && !value.canConvertToExactIntegral())
                        || (value.isNumber() && !value.canConvertToInt())) {
                    throw foreign(value, "int32", owner, goPath);
                }
            }
            default -> {}
        }
    }

    /** A value that a type's own decoder refuses, which reads another type inside. */
    private static GoTypeException foreign(
            JsonNode value, String inner, Struct owner, String goPath) {
        String found = "json: cannot unmarshal " + kindOf(value, inner.equals("int32"));
        return new GoTypeException(
                found
                        + " into Go struct field "
                        + owner.simpleName()
                        + "."
                        + goPath
                        + " of type "
                        + inner,
                found + " into Go value of type " + inner);
    }

    private static boolean fits(JsonNode value, String type) {
        return type.equals("int32") ? value.canConvertToInt() : value.canConvertToLong();
    }

    private static GoTypeException mismatch(
            JsonNode value, Resolved type, Struct owner, String goPath) {
        return new GoTypeException(
                "json: cannot unmarshal "
                        + kindOf(value, type.kind() == Kind.INT || type.kind() == Kind.FLOAT)
                        + " into Go struct field "
                        + owner.simpleName()
                        + "."
                        + goPath
                        + " of type "
                        + type.display(),
                switch (type.kind()) {
                    case STRUCT -> "cannot restore struct from: " + goKind(value);
                    case LIST, BYTES -> "cannot restore slice from " + goKind(value);
                    case MAP -> "cannot restore map from " + goKind(value);
                    case STRING -> "unrecognized type: string";
                    case BOOL -> "unrecognized type: bool";
                    case FLOAT -> "unrecognized type: float64";
                    default -> "unrecognized type: " + type.display();
                });
    }

    private static String goKind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "map";
            case ARRAY -> "slice";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            default -> "string";
        };
    }

    /** How Go names the value; only where a number was wanted does it say which one it found. */
    private static String kindOf(JsonNode value, boolean wantsNumber) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case BOOLEAN -> "bool";
            case NUMBER -> wantsNumber ? "number " + value : "number";
            default -> "string";
        };
    }

    private ObjectNode encode(ObjectNode object, Struct type) {
        ObjectNode result = JSON.objectNode();
        for (Field field : type.fields().values()) {
            JsonNode value = encodeField(object.get(field.name()), field);
            if (value != null) {
                result.set(field.name(), value);
            }
        }
        return result;
    }

    private @Nullable JsonNode encodeField(@Nullable JsonNode value, Field field) {
        Resolved type = field.type().resolve();
        if (value == null || value.isNull()) {
            return encodeMissing(value, type, field);
        }
        if (type.pointer()) {
            return encodeValue(value, type);
        }
        return switch (type.kind()) {
            case STRUCT -> {
                JsonNode struct = encodeValue(value, type);
                yield field.omitZero() && struct.isEmpty() ? null : struct;
            }
            case LIST, MAP ->
                    !value.isEmpty() || (field.always() && !stored)
                            ? encodeValue(value, type)
                            : encodeMissing(null, type, field);
            case BYTES ->
                    value.asText().isEmpty() && !field.always() ? null : encodeValue(value, type);
            case TIME, MICRO_TIME ->
                    value.asText().isEmpty()
                            ? encodeMissing(null, type, field)
                            : encodeValue(value, type);
            case ANY, QUANTITY, INT_OR_STRING -> encodeValue(value, type);
            default -> isZero(value) ? encodeMissing(null, type, field) : value;
        };
    }

    private @Nullable JsonNode encodeMissing(@Nullable JsonNode value, Resolved type, Field field) {
        if (type.pointer()) {
            return field.always() ? NullNode.getInstance() : null;
        }
        return switch (type.kind()) {
            case STRUCT -> {
                ObjectNode struct =
                        encode(JSON.objectNode(), java.util.Objects.requireNonNull(type.struct()));
                yield field.omitZero() && struct.isEmpty() ? null : struct;
            }
            case LIST, MAP, BYTES -> field.always() ? NullNode.getInstance() : null;
            case TIME, MICRO_TIME -> field.omitZero() ? null : NullNode.getInstance();
            case ANY -> value;
            case QUANTITY -> TextNode.valueOf("0");
            case INT_OR_STRING -> JSON.numberNode(0);
            default -> field.always() ? zero(type) : null;
        };
    }

    private static JsonNode zero(Resolved type) {
        return switch (type.kind()) {
            case BOOL -> JSON.booleanNode(false);
            case INT, FLOAT -> JSON.numberNode(0);
            default -> JSON.textNode("");
        };
    }

    private static boolean isZero(JsonNode value) {
        if (value.isTextual()) {
            return value.asText().isEmpty();
        }
        return value.isBoolean() ? !value.asBoolean() : value.asDouble() == 0;
    }

    private JsonNode encodeValue(JsonNode value, Resolved type) {
        return switch (type.kind()) {
            case STRUCT ->
                    value instanceof ObjectNode object
                            ? encode(object, java.util.Objects.requireNonNull(type.struct()))
                            : value;
            case LIST -> {
                Resolved element = java.util.Objects.requireNonNull(type.element()).resolve();
                ArrayNode list = JSON.arrayNode(value.size());
                for (JsonNode item : value) {
                    list.add(encodeElement(item, element));
                }
                yield list;
            }
            case MAP -> {
                Resolved element = java.util.Objects.requireNonNull(type.element()).resolve();
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                value.properties()
                        .forEach(
                                entry ->
                                        sorted.put(
                                                entry.getKey(),
                                                encodeElement(entry.getValue(), element)));
                ObjectNode map = JSON.objectNode();
                map.setAll(sorted);
                yield map;
            }
            case QUANTITY -> TextNode.valueOf(Quantities.kept(value.asText().strip()));
            case TIME -> TextNode.valueOf(GoTime.seconds(value.asText()));
            case BYTES -> bytes(value);
            default -> value;
        };
    }

    private static JsonNode bytes(JsonNode value) {
        if (value.isArray()) {
            byte[] bytes = new byte[value.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) value.get(i).asInt();
            }
            return TextNode.valueOf(Base64.getEncoder().encodeToString(bytes));
        }
        return value.isBinary() ? TextNode.valueOf(value.asText()) : value;
    }

    private JsonNode encodeElement(JsonNode item, Resolved type) {
        if (item.isNull() && !type.pointer()) {
            return switch (type.kind()) {
                case STRUCT ->
                        encode(JSON.objectNode(), java.util.Objects.requireNonNull(type.struct()));
                case STRING, BOOL, INT, FLOAT, BYTES -> zero(type);
                case QUANTITY -> TextNode.valueOf("0");
                default -> item;
            };
        }
        return encodeValue(item, type);
    }
}
