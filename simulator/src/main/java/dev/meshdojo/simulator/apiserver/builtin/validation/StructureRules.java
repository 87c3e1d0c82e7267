package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/**
 * Whether a custom kind's schema is structural: every field has a type outside of {@code anyOf} and
 * its like. Source: {@code apiextensions-apiserver/pkg/apiserver/schema}.
 */
final class StructureRules {

    private static final List<String> TRUE =
            List.of(
                    "nullable",
                    "x-kubernetes-preserve-unknown-fields",
                    "x-kubernetes-embedded-resource",
                    "x-kubernetes-int-or-string");
    private static final List<String> EMPTY =
            List.of("x-kubernetes-list-map-keys", "x-kubernetes-validations");
    private static final List<String> UNDEFINED =
            List.of("x-kubernetes-list-type", "x-kubernetes-map-type");

    private StructureRules() {}

    static void check(Check check, At schema) {
        invariants(check, schema, "");
        complete(check, schema, schema, schema.path());
    }

    private static void invariants(Check check, At schema, String level) {
        At type = schema.get("type");
        At items = schema.get("items");
        if (type.is("array") && !items.set()) {
            check.required(items, "must be specified");
        }
        if (items.value().isObject()) {
            invariants(check, items, "array items");
        }
        for (At property : schema.get("properties").entries().values()) {
            invariants(check, property, "object fields");
        }
        At additional = schema.get("additionalProperties");
        if (additional.set() && level.isEmpty()) {
            check.forbidden(additional, "must not be used at the root");
        }
        if (additional.value().isObject()) {
            invariants(check, additional, "object fields");
        }
        boolean embedded = schema.get("x-kubernetes-embedded-resource").isTrue();
        boolean either = schema.get("x-kubernetes-int-or-string").isTrue();
        At preserve = schema.get("x-kubernetes-preserve-unknown-fields");
        if (either && preserve.isTrue()) {
            check.invalid(preserve, "must be false if x-kubernetes-int-or-string is true");
        }
        if (either && embedded) {
            check.invalid(
                    schema.get("x-kubernetes-embedded-resource"),
                    "must be false if x-kubernetes-int-or-string is true");
        }
        values(check, schema, either);
        if (embedded && !type.is("object")) {
            String text = "must be object if x-kubernetes-embedded-resource is true";
            if (type.blank()) {
                check.required(type, text);
            } else {
                check.invalidText(type, text);
            }
        } else if (type.blank() && !either && !preserve.isTrue()) {
            check.required(
                    type,
                    level.isEmpty()
                            ? "must not be empty at the root"
                            : "must not be empty for specified " + level);
        }
        if (embedded && additional.set()) {
            check.forbidden(
                    additional, "must not be used if x-kubernetes-embedded-resource is set");
        }
        if (level.isEmpty() && !type.blank() && !type.is("object")) {
            check.invalidText(type, "must be object at the root");
        }
        metadata(check, schema, level.isEmpty(), embedded);
        if (embedded && !preserve.isTrue() && schema.get("properties").empty()) {
            check.required(
                    schema.get("properties"),
                    "must not be empty if x-kubernetes-embedded-resource is true without"
                            + " x-kubernetes-preserve-unknown-fields");
        }
    }

    private static void metadata(Check check, At schema, boolean root, boolean embedded) {
        At properties = schema.get("properties");
        for (String field : List.of("kind", "apiVersion")) {
            At property = properties.key(field);
            if ((root || embedded) && property.set() && !property.get("type").is("string")) {
                check.invalidText(property.get("type"), "must be string");
            }
        }
        At metadata = properties.key("metadata");
        if (!metadata.set()) {
            return;
        }
        if ((root || embedded) && !metadata.get("type").is("object")) {
            check.invalidText(metadata.get("type"), "must be object");
        }
        if (root && !isPlain(metadata)) {
            check.forbidden(
                    metadata,
                    "must not specify anything other than name and generateName, but metadata is"
                            + " implicitly specified");
        }
    }

    /** Nothing but a type, a default, and properties for the two names. */
    private static boolean isPlain(At metadata) {
        boolean fields =
                metadata.value().properties().stream()
                        .allMatch(
                                f -> List.of("type", "default", "properties").contains(f.getKey()));
        return fields
                && metadata.get("properties").value().properties().stream()
                        .allMatch(p -> List.of("name", "generateName").contains(p.getKey()));
    }

    private static void values(Check check, At schema, boolean either) {
        boolean skip = either && schema.get("anyOf").items().size() == 2;
        for (String list : List.of("anyOf", "allOf", "oneOf")) {
            if (list.equals("anyOf") && skip) {
                continue;
            }
            for (At nested : schema.get(list).items()) {
                nested(check, nested, either && list.equals("allOf"), list.equals("allOf"));
            }
        }
        if (schema.get("not").set()) {
            nested(check, schema.get("not"), false, false);
        }
        At pattern = schema.get("pattern");
        if (!pattern.blank()) {
            try {
                Pattern.compile(pattern.text());
            } catch (PatternSyntaxException e) {
                check.invalidText(
                        pattern,
                        "must be a valid regular expression, but isn't: " + e.getMessage());
            }
        }
    }

    private static void nested(Check check, At schema, boolean either, boolean rules) {
        values(check, schema, either);
        if (schema.get("items").set()) {
            nested(check, schema.get("items"), false, rules);
        }
        for (At property : schema.get("properties").entries().values()) {
            nested(check, property, false, rules);
        }
        if (!schema.get("type").blank()) {
            check.forbidden(schema.get("type"), "must be empty to be structural");
        }
        for (String field : List.of("additionalProperties", "default")) {
            if (schema.get(field).set()) {
                check.forbidden(schema.get(field), "must be undefined to be structural");
            }
        }
        for (String field : List.of("title", "description")) {
            if (!schema.get(field).blank()) {
                check.forbidden(schema.get(field), "must be empty to be structural");
            }
        }
        for (String field : TRUE) {
            if (schema.get(field).isTrue()) {
                check.forbidden(schema.get(field), "must be false to be structural");
            }
        }
        for (String field : EMPTY) {
            if (!schema.get(field).empty() && !(rules && field.endsWith("validations"))) {
                check.forbidden(schema.get(field), "must be empty to be structural");
            }
        }
        for (String field : UNDEFINED) {
            if (schema.get(field).set()) {
                check.forbidden(schema.get(field), "must be undefined to be structural");
            }
        }
        At metadata = schema.get("properties").key("metadata");
        if (metadata.set()) {
            check.forbidden(metadata, "must not be specified in a nested context");
        }
    }

    /** Everything that conditions speak of has to be specified outside of them. */
    private static void complete(Check check, At values, At schema, String at) {
        for (String list : List.of("allOf", "anyOf", "oneOf")) {
            for (At nested : values.get(list).items()) {
                nestedComplete(check, nested, schema, at);
            }
        }
        if (values.get("not").set()) {
            nestedComplete(check, values.get("not"), schema, at);
        }
    }

    private static void nestedComplete(Check check, At values, At schema, String at) {
        if (!schema.set()) {
            check.required(at, "because it is defined in " + values.path());
            return;
        }
        complete(check, values, schema, at);
        if (values.get("items").set()) {
            nestedComplete(check, values.get("items"), schema.get("items"), at + ".items");
        }
        for (At property : values.get("properties").entries().values()) {
            String key = property.path().substring(values.below("properties").length());
            String name = key.substring(1, key.length() - 1);
            At specified = schema.get("properties").key(name);
            String below = at + ".properties" + key;
            if (!specified.set()) {
                check.required(below, "because it is defined in " + property.path());
            } else {
                nestedComplete(check, property, specified, below);
            }
        }
    }
}
