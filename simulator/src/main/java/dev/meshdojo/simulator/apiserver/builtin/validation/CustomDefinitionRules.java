package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of CustomResourceDefinitions. */
final class CustomDefinitionRules {

    private CustomDefinitionRules() {}

    static void create(Check check, At at) {
        JsonNode object = at.value();
        JsonNode spec = object.path("spec");
        JsonNode names = spec.path("names");
        String wanted = names.path("plural").asText() + "." + spec.path("group").asText();
        if (!object.path("metadata").path("name").asText().equals(wanted)) {
            check.invalid(
                    "metadata.name",
                    object.path("metadata").path("name"),
                    "must be spec.names.plural+\".\"+spec.group");
        }
        if (spec.path("group").asText("").isEmpty()) {
            check.required("spec.group", "");
        }
        List<String> scopes = List.of("Cluster", "Namespaced");
        if (spec.path("scope").asText("").isEmpty()) {
            check.required("spec.scope", "");
        } else if (!scopes.contains(spec.path("scope").asText())) {
            check.add(FieldError.notSupported("spec.scope", spec.path("scope"), scopes));
        }
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            if (names.path(field).asText("").isEmpty()) {
                check.required("spec.names." + field, "");
            }
        }
        versions(check, spec.path("versions"));
    }

    static void update(Check check, At object, At old) {
        create(check, object);
        for (String field : List.of("group", "scope")) {
            check.immutable(object.get("spec", field), old.get("spec", field));
        }
        check.immutable(object.get("spec", "names", "kind"), old.get("spec", "names", "kind"));
        check.immutable(object.get("spec", "names", "plural"), old.get("spec", "names", "plural"));
    }

    private static void versions(Check check, JsonNode versions) {
        Set<String> seen = new HashSet<>();
        int stored = 0;
        int index = 0;
        for (JsonNode version : versions) {
            String at = "spec.versions[" + index++ + "]";
            String name = version.path("name").asText("");
            check.names(new At(version.path("name"), at + ".name"), Names.label1035(name, false));
            if (!seen.add(name)) {
                check.invalid("spec.versions", versions, "must contain unique version names");
            }
            stored += version.path("storage").asBoolean() ? 1 : 0;
            if (!version.path("schema").path("openAPIV3Schema").isObject()) {
                check.required(at + ".schema.openAPIV3Schema", "");
            }
        }
        if (stored != 1) {
            check.invalid(
                    "spec.versions",
                    versions,
                    "must have exactly one version marked as storage version");
        }
        index = 0;
        for (JsonNode version : versions) {
            String at = "spec.versions[" + index++ + "].schema.openAPIV3Schema";
            JsonNode schema = version.path("schema").path("openAPIV3Schema");
            if (schema.isObject()) {
                if (!schema.path("type").asText("").equals("object")) {
                    if (schema.path("type").asText("").isEmpty()) {
                        check.required(at + ".type", "must not be empty at the root");
                    } else {
                        check.invalid(
                                at + ".type", schema.path("type"), "must be object at the root");
                    }
                }
                structural(check, schema, at);
            }
        }
    }

    private static void structural(Check check, JsonNode schema, String path) {
        for (var property : schema.path("properties").properties()) {
            String at = path + ".properties[" + property.getKey() + "]";
            typed(check, property.getValue(), at, "must not be empty for specified object fields");
            structural(check, property.getValue(), at);
        }
        JsonNode items = schema.path("items");
        if (items.isObject()) {
            typed(check, items, path + ".items", "must not be empty for specified array items");
            structural(check, items, path + ".items");
        } else if (schema.path("type").asText().equals("array")) {
            check.required(path + ".items", "must be specified");
        }
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            typed(
                    check,
                    additional,
                    path + ".additionalProperties",
                    "must not be empty for specified object fields");
            structural(check, additional, path + ".additionalProperties");
        }
    }

    private static void typed(Check check, JsonNode schema, String path, String message) {
        if (schema.path("type").asText("").isEmpty()
                && !schema.path("x-kubernetes-int-or-string").asBoolean()
                && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            check.required(path + ".type", message);
        }
    }
}
