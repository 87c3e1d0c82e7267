package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.schema.DefinitionSchemas;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What Kubernetes demands of a custom kind's schema beyond its structure: what is not supported,
 * lists and maps, defaults and CEL rules.
 */
final class CustomSchemaRules {

    private static final List<String> TYPES =
            List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> REASONS =
            List.of(
                    "FieldValueDuplicate",
                    "FieldValueForbidden",
                    "FieldValueInvalid",
                    "FieldValueRequired");

    private CustomSchemaRules() {}

    /**
     * Judges one schema.
     *
     * @param status whether the kind has a status of its own
     */
    static void check(Check check, At schema, boolean status) {
        int before = check.count();
        if (status && !schema.get("type").blank() && !schema.get("type").is("object")) {
            check.invalidText(
                    schema.get("type").as(schema.path() + ".type"),
                    "only \"object\" is allowed as the type at the root of the schema if the status"
                            + " subresource is enabled");
        }
        if (schema.get("nullable").isTrue()) {
            check.forbidden(schema.get("nullable"), "nullable cannot be true at the root");
        }
        Check structure = new Check();
        StructureRules.check(structure, schema);
        structure.errors().stream()
                .sorted(Comparator.comparing(FieldError::toString))
                .forEach(check::add);
        boolean structural = structure.errors().isEmpty();
        if (structural) {
            DefinitionSchemas.defaults(schema.value(), schema.path()).forEach(check::add);
        }
        visit(check, schema, structural && check.cleanSince(before));
    }

    private static void visit(Check check, At schema, boolean rules) {
        int before = check.count();
        unsupported(check, schema);
        for (At property : schema.get("properties").entries().values()) {
            visit(check, property, rules);
        }
        for (String nested : List.of("allOf", "oneOf", "anyOf")) {
            schema.get(nested).items().forEach(each -> visit(check, each, false));
        }
        if (schema.get("not").set()) {
            visit(check, schema.get("not"), false);
        }
        At additional = schema.get("additionalProperties");
        if (additional.value().isObject()) {
            visit(check, additional, rules);
        }
        if (schema.get("items").value().isObject()) {
            visit(check, schema.get("items"), rules);
        }
        At preserve = schema.get("x-kubernetes-preserve-unknown-fields");
        if (preserve.set() && !preserve.isTrue()) {
            check.invalid(preserve, "must be true or undefined");
        }
        map(check, schema);
        list(check, schema);
        rules(check, schema);
        if (rules && check.cleanSince(before)) {
            expressions(check, schema);
        }
    }

    private static void unsupported(Check check, At schema) {
        At type = schema.get("type");
        if (!type.blank() && !TYPES.contains(type.text())) {
            check.notSupported(type, TYPES);
        }
        for (String field :
                List.of(
                        "id",
                        "additionalItems",
                        "patternProperties",
                        "definitions",
                        "dependencies",
                        "$ref")) {
            if (!schema.get(field).blank()) {
                check.forbidden(schema.get(field), field + " is not supported");
            }
        }
        if (type.is("null")) {
            check.forbidden(type, "type cannot be set to null, use nullable as an alternative");
        }
        if (schema.get("items").value().isArray()) {
            check.forbidden(schema.get("items"), "items must be a schema object and not an array");
        }
        if (schema.get("uniqueItems").isTrue()) {
            check.forbidden(
                    schema.get("uniqueItems"),
                    "uniqueItems cannot be set to true since the runtime complexity becomes"
                            + " quadratic");
        }
        At additional = schema.get("additionalProperties");
        boolean all = additional.value().isBoolean() && additional.isTrue();
        if (additional.set() && !schema.get("properties").empty() && !all) {
            check.forbidden(additional, "additionalProperties and properties are mutual exclusive");
        }
    }

    private static void typed(Check check, At schema, String type, String extension) {
        At actual = schema.get("type");
        if (actual.is(type)) {
            return;
        }
        String text = "must be " + type + " if " + extension + " is specified";
        if (actual.blank()) {
            check.required(actual, text);
        } else {
            check.invalidText(actual, text);
        }
    }

    private static void map(Check check, At schema) {
        At type = schema.get("x-kubernetes-map-type");
        if (type.set()) {
            typed(check, schema, "object", "x-kubernetes-map-type");
            check.oneOf(type, List.of("atomic", "granular"));
        }
    }

    private static void list(Check check, At schema) {
        At type = schema.get("x-kubernetes-list-type");
        At keys = schema.get("x-kubernetes-list-map-keys");
        At items = schema.get("items");
        if (type.set()) {
            if (!schema.get("type").is("array")) {
                typed(check, schema, "array", "x-kubernetes-list-type");
            } else if (type.is("set") && items.set()) {
                set(check, items);
            }
            check.oneOf(type, List.of("atomic", "set", "map"));
        }
        if (!keys.empty() && !type.is("map")) {
            String text = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (type.set()) {
                check.invalidText(type, text);
            } else {
                check.required(type, text);
            }
        }
        if (type.is("map")) {
            keyed(check, keys, items);
        }
        if (type.is("set", "map") && items.set()) {
            notNullable(check, type, keys, items);
        }
    }

    private static void set(Check check, At items) {
        String text = "must be atomic as item of a list with x-kubernetes-list-type=set";
        At list = items.get("x-kubernetes-list-type");
        At map = items.get("x-kubernetes-map-type");
        if (items.get("type").is("array") && list.set() && !list.is("atomic")) {
            check.invalidText(list, text);
        } else if (items.get("type").is("object") && !map.is("atomic")) {
            check.invalid(map.path(), list.value(), text);
        }
    }

    private static void keyed(Check check, At keys, At items) {
        if (keys.empty()) {
            check.required(keys, "must not be empty if x-kubernetes-list-type is map");
        }
        if (!items.set()) {
            check.required(items, "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (!items.get("type").is("object")) {
            check.invalidText(
                    items.get("type"),
                    "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (At key : keys.items()) {
            At property = items.get("properties").key(key.text());
            if (!property.set()) {
                check.invalid(keys, "entries must all be names of item properties");
            } else if (property.get("type").is("array", "object")) {
                check.invalidText(
                        property.get("type").path(),
                        items.get("type").text(),
                        "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }
            if (!seen.add(key.text())) {
                check.invalid(keys, "must not contain duplicate entries");
            }
        }
    }

    private static void notNullable(Check check, At type, At keys, At items) {
        if (items.get("nullable").isTrue()) {
            check.forbidden(
                    items.get("nullable"),
                    "cannot be nullable when x-kubernetes-list-type is " + type.text());
        }
        if (!type.is("map")) {
            return;
        }
        Set<String> required = new HashSet<>();
        items.get("required").items().forEach(each -> required.add(each.text()));
        for (At key : keys.items()) {
            At property = items.get("properties").key(key.text());
            if (!property.set()) {
                continue;
            }
            if (!required.contains(key.text()) && !property.value().has("default")) {
                check.required(
                        property.get("default"),
                        "this property is in x-kubernetes-list-map-keys, so it must have a default"
                                + " or be a required property");
            }
            if (property.get("nullable").isTrue()) {
                check.forbidden(
                        property.get("nullable"),
                        "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
            }
        }
    }

    private static void rules(Check check, At schema) {
        for (At rule : schema.get("x-kubernetes-validations").items()) {
            At text = rule.get("rule");
            At message = rule.get("message");
            if (text.text().isBlank()) {
                check.required(text, "rule is not specified");
            } else if (!message.blank() && message.text().isBlank()) {
                check.invalidText(message, "must be non-empty if specified");
            } else if (isLong(message.text())) {
                check.invalidText(message, "must not contain line breaks");
            } else if (isLong(text.text()) && message.text().isBlank()) {
                check.required(message, "message must be specified if rule contains line breaks");
            }
            At expression = rule.get("messageExpression");
            if (!expression.blank() && expression.text().isBlank()) {
                check.required(expression, "messageExpression must be non-empty if specified");
            }
            check.oneOf(rule.get("reason"), REASONS);
            At path = rule.get("fieldPath");
            if (!path.blank() && path.text().isBlank()) {
                check.invalidText(path, "must be non-empty if specified");
            }
            if (path.text().contains("\n")) {
                check.invalidText(path, "must not contain line breaks");
            }
            if (!path.blank() && SchemaPath.find(path.text(), schema.value()).problem() != null) {
                check.invalidText(path, "must be a valid path");
            }
        }
    }

    private static boolean isLong(String text) {
        return text.strip().contains("\n");
    }

    private static void expressions(Check check, At schema) {
        for (At rule : schema.get("x-kubernetes-validations").items()) {
            JsonNode form = InternalForm.of("apiextensions.ValidationRule", rule.value());
            String problem = DefinitionSchemas.ruleProblem(rule.get("rule").text());
            if (problem != null) {
                check.invalid(rule.get("rule").path(), form, problem);
            }
            At message = rule.get("messageExpression");
            String complaint =
                    message.blank() ? null : DefinitionSchemas.messageProblem(message.text());
            if (complaint != null) {
                check.invalid(message.path(), form, complaint);
            }
            At optional = rule.get("optionalOldSelf");
            if (problem == null && optional.set() && !rule.get("rule").text().contains("oldSelf")) {
                check.invalid(optional, "may not be set if oldSelf is not used in rule");
            }
        }
    }
}
