package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.schema.Schema.Limits;
import dev.meshdojo.simulator.golang.GoText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks a value against a schema in the order and words of kube-openapi: type, combinations,
 * bounds of text, number and list, enumeration, then properties and what is required. Pure.
 */
final class SchemaValidation {

    /** Up to here a double tells all integers apart. */
    private static final double MAX_SAFE_INTEGER = (1L << 53) - 1;

    private final List<FieldError> errors = new ArrayList<>();
    private int checked;

    private SchemaValidation() {}

    /**
     * What is wrong; the object's own {@code apiVersion}, {@code kind} and {@code metadata} are not
     * looked at.
     */
    static List<FieldError> validate(JsonNode value, Schema schema) {
        SchemaValidation validation = new SchemaValidation();
        validation.check(value, schema, "");
        return validation.errors;
    }

    private void check(JsonNode value, Schema schema, String path) {
        checked++;
        checkType(value, schema, path);
        if (value.isNull()) {
            checkAllowed(value, schema.limits(), path);
            return;
        }
        checkLogic(value, schema, path);
        Limits limits = schema.limits();
        if (value.isTextual()) {
            checkText(value.asText(), limits, path);
            checkFormat(value.asText(), schema, path);
        }
        if (value.isNumber()) {
            checkNumber(value, limits, path);
        }
        if (value.isArray()) {
            checkArray(value, schema, path);
        }
        checkAllowed(value, limits, path);
        if (value.isObject()) {
            checkObject(value, schema, path);
        }
    }

    private void checkAllowed(JsonNode value, Limits limits, String path) {
        if (!limits.allowed().isEmpty()
                && limits.allowed().stream().noneMatch(each -> same(each, value))) {
            errors.add(
                    FieldError.notSupported(
                            name(path),
                            value,
                            limits.allowed().stream().map(JsonNode::asText).toList()));
        }
    }

    private void checkType(JsonNode value, Schema schema, String path) {
        if (value.isNull() && schema.nullable()) {
            return;
        }
        if (schema.extensions().intOrString()) {
            if (!value.isTextual() && !isInteger(value)) {
                typeError("integer,string", value, path);
            }
            return;
        }
        boolean fits =
                switch (schema.type()) {
                    case "" -> true;
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "boolean" -> value.isBoolean();
                    case "number" -> value.isNumber();
                    case "integer" -> isInteger(value);
                    default -> true;
                };
        if (!fits) {
            typeError(schema.type(), value, path);
        }
    }

    /** An int64, or a double that loses nothing as one. */
    private static boolean isInteger(JsonNode value) {
        return isLong(value)
                || (value.isNumber()
                        && Math.abs(value.asDouble()) <= MAX_SAFE_INTEGER
                        && value.asDouble() == Math.rint(value.asDouble()));
    }

    private void typeError(String wanted, JsonNode value, String path) {
        String actual = typeName(value);
        errors.add(
                new FieldError(
                        FieldError.Type.TYPE_INVALID,
                        name(path),
                        quoted(actual),
                        path + " in body must be of type " + wanted + ": " + quoted(actual)));
    }

    static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> isLong(value) ? "integer" : "number";
            default -> "null";
        };
    }

    private void checkLogic(JsonNode value, Schema schema, String path) {
        Schema.Logic logic = schema.logic();
        if (!logic.anyOf().isEmpty()) {
            List<SchemaValidation> tried = tryAll(value, logic.anyOf(), path);
            if (tried.stream().noneMatch(SchemaValidation::fits)) {
                combination(path, "must validate at least one schema (anyOf)");
                errors.addAll(closest(tried).errors);
            }
        }
        if (!logic.oneOf().isEmpty()) {
            List<SchemaValidation> tried = tryAll(value, logic.oneOf(), path);
            long fitting = tried.stream().filter(SchemaValidation::fits).count();
            if (fitting == 0) {
                combination(
                        path, "must validate one and only one schema (oneOf). Found none valid");
                errors.addAll(closest(tried).errors);
            } else if (fitting > 1) {
                combination(
                        path,
                        "must validate one and only one schema (oneOf). Found "
                                + fitting
                                + " valid alternatives");
            }
        }
        if (!logic.allOf().isEmpty()) {
            List<SchemaValidation> tried = tryAll(value, logic.allOf(), path);
            tried.forEach(each -> errors.addAll(each.errors));
            if (!tried.stream().allMatch(SchemaValidation::fits)) {
                combination(
                        path,
                        "must validate all the schemas (allOf)"
                                + (tried.stream().noneMatch(SchemaValidation::fits)
                                        ? ". None validated"
                                        : ""));
            }
        }
        Schema not = logic.not();
        if (not != null && tryOne(value, not, path).fits()) {
            combination(path, "must not validate the schema (not)");
        }
    }

    private static List<SchemaValidation> tryAll(
            JsonNode value, List<Schema> schemas, String path) {
        return schemas.stream().map(each -> tryOne(value, each, path)).toList();
    }

    private static SchemaValidation tryOne(JsonNode value, Schema schema, String path) {
        SchemaValidation attempt = new SchemaValidation();
        attempt.check(value, schema, path);
        return attempt;
    }

    private boolean fits() {
        return errors.isEmpty();
    }

    /** Of several failures the one that looked at most values tells the user most. */
    private static SchemaValidation closest(List<SchemaValidation> failures) {
        SchemaValidation best = failures.getFirst();
        for (SchemaValidation each : failures) {
            best = each.checked > best.checked ? each : best;
        }
        return best;
    }

    private void combination(String path, String message) {
        errors.add(
                new FieldError(
                        FieldError.Type.INVALID,
                        "<nil>",
                        quoted(""),
                        quoted(path) + " " + message));
    }

    /** Numbers are compared by value, however wide they were read. */
    private static boolean same(JsonNode one, JsonNode other) {
        return (one.isNumber() && other.isNumber())
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    /** Only the first limit that a text breaks is reported, as kube-openapi does. */
    private void checkText(String text, Limits limits, String path) {
        int length = text.codePointCount(0, text.length());
        if (limits.maxLength() != null && length > limits.maxLength()) {
            errors.add(FieldError.tooLong(name(path), limits.maxLength()));
        } else if (limits.minLength() != null && length < limits.minLength()) {
            bound(path, quoted(text), "should be at least " + limits.minLength() + " chars long");
        } else if (limits.pattern() != null && !limits.pattern().matcher(text).find()) {
            bound(path, quoted(text), "should match '" + limits.pattern().pattern() + "'");
        }
    }

    private void checkFormat(String text, Schema schema, String path) {
        if (schema.format().isEmpty()
                || !(schema.type().isEmpty() || schema.type().equals("string"))) {
            return;
        }
        if (!Formats.fits(schema.format(), text)) {
            errors.add(
                    new FieldError(
                            FieldError.Type.TYPE_INVALID,
                            name(path),
                            quoted(text),
                            path
                                    + " in body must be of type "
                                    + schema.format()
                                    + ": "
                                    + quoted(text)));
        }
    }

    private void checkNumber(JsonNode value, Limits limits, String path) {
        double number = value.asDouble();
        boolean whole = isLong(value);
        String shown = whole ? value.asText() : GoText.number(number);
        Double maximum = limits.maximum();
        if (maximum != null
                && (number > maximum || (limits.exclusiveMaximum() && number == maximum))) {
            bound(
                    path,
                    shown,
                    "should be less than "
                            + (limits.exclusiveMaximum() ? "" : "or equal to ")
                            + plain(maximum, whole));
        }
        Double minimum = limits.minimum();
        if (minimum != null
                && (number < minimum || (limits.exclusiveMinimum() && number == minimum))) {
            bound(
                    path,
                    shown,
                    "should be greater than "
                            + (limits.exclusiveMinimum() ? "" : "or equal to ")
                            + plain(minimum, whole));
        }
        Double multiple = limits.multipleOf();
        if (multiple != null && Math.rint(number / multiple) != number / multiple) {
            bound(path, shown, "should be a multiple of " + plain(multiple, whole));
        }
    }

    private void checkArray(JsonNode array, Schema schema, String path) {
        Schema items = schema.items();
        for (int i = 0; items != null && i < array.size(); i++) {
            check(array.get(i), items, path + "[" + i + "]");
        }
        Limits limits = schema.limits();
        if (limits.minItems() != null && array.size() < limits.minItems()) {
            bound(
                    path,
                    String.valueOf(array.size()),
                    "should have at least " + limits.minItems() + " items");
        }
        if (limits.maxItems() != null && array.size() > limits.maxItems()) {
            errors.add(FieldError.tooMany(name(path), array.size(), limits.maxItems()));
        }
        if (limits.uniqueItems()) {
            Set<JsonNode> seen = new HashSet<>();
            for (JsonNode item : array) {
                if (!seen.add(item)) {
                    bound(path, array.toString(), "shouldn't contain duplicates");
                    break;
                }
            }
        }
    }

    private void checkObject(JsonNode object, Schema schema, String path) {
        Limits limits = schema.limits();
        if (limits.minProperties() != null && object.size() < limits.minProperties()) {
            bound(
                    path,
                    String.valueOf(object.size()),
                    "should have at least " + limits.minProperties() + " properties");
        }
        if (limits.maxProperties() != null && object.size() > limits.maxProperties()) {
            errors.add(FieldError.tooMany(name(path), object.size(), limits.maxProperties()));
        }
        object.properties()
                .forEach(
                        entry -> {
                            Schema property = schema.property(entry.getKey());
                            if (property != null) {
                                check(
                                        entry.getValue(),
                                        property,
                                        path.isEmpty()
                                                ? entry.getKey()
                                                : path + "." + entry.getKey());
                            }
                        });
        for (String name : schema.required()) {
            if (!object.has(name)) {
                errors.add(FieldError.required(path.isEmpty() ? name : path + "." + name, ""));
            }
        }
    }

    private void bound(String path, String value, String message) {
        errors.add(
                new FieldError(
                        FieldError.Type.INVALID, name(path), value, path + " in body " + message));
    }

    private static String name(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    private static String quoted(String text) {
        return GoText.quote(text);
    }

    private static boolean isLong(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong();
    }

    /** A limit is printed as the value is that it was compared with. */
    private static String plain(double limit, boolean whole) {
        return whole ? String.valueOf((long) limit) : GoText.number(limit);
    }
}
