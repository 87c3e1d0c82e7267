package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.schema.ApiApproval;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What Kubernetes demands of CustomResourceDefinitions. Source: {@code
 * apiextensions/validation/validation.go}. What all versions have in common is judged once, behind
 * the versions, under the path of the unversioned form.
 */
final class CustomDefinitionRules {

    private static final int LONGEST_WARNING = 256;

    private CustomDefinitionRules() {}

    static void create(Check check, At at) {
        At name = at.get("metadata", "name");
        At spec = at.get("spec");
        String wanted = spec.get("names", "plural").text() + "." + spec.get("group").text();
        if (!name.blank() && !name.is(wanted)) {
            check.invalidText(name, "must be spec.names.plural+\".\"+spec.group");
        }
        spec(check, spec);
        storedVersions(check, at.get("status", "storedVersions"), spec);
        approval(check, at, null);
        unknownFields(check, spec, false);
    }

    static void update(Check check, At at, At old) {
        At spec = at.get("spec");
        At before = old.get("spec");
        spec(check, spec);
        if (isEstablished(old)) {
            check.immutable(spec.get("scope"), before.get("scope"));
            check.immutable(spec.get("names", "kind"), before.get("names", "kind"));
        }
        check.immutable(spec.get("group"), before.get("group"));
        check.immutable(spec.get("names", "plural"), before.get("names", "plural"));
        storedVersions(check, at.get("status", "storedVersions"), spec);
        approval(check, at, old);
        unknownFields(check, spec, before.get("preserveUnknownFields").isTrue());
    }

    private static boolean isEstablished(At definition) {
        return definition.get("status", "conditions").items().stream()
                .anyMatch(
                        condition ->
                                condition.get("type").is("Established")
                                        && condition.get("status").is("True"));
    }

    private static List<At> storage(At spec) {
        return spec.get("versions").items().stream()
                .filter(version -> version.get("storage").isTrue())
                .toList();
    }

    private static void storedVersions(Check check, At stored, At spec) {
        if (stored.empty()) {
            check.invalid(
                    stored.path(), NullNode.getInstance(), "must have at least one stored version");
            return;
        }
        Set<String> kept = new HashSet<>();
        stored.items().forEach(version -> kept.add(version.text()));
        for (At version : storage(spec)) {
            String name = version.get("name").text();
            if (!kept.contains(name)) {
                check.invalid(stored, "must have the storage version " + name);
            }
        }
        Set<String> names = new HashSet<>();
        spec.get("versions").items().forEach(v -> names.add(v.get("name").text()));
        for (At version : stored.items()) {
            String name = version.text();
            if (!names.contains(name)) {
                check.invalidText(
                        version,
                        "missing from spec.versions; "
                                + name
                                + " was previously a storage version, and must remain in"
                                + " spec.versions until a storage migration ensures no data remains"
                                + " persisted in "
                                + name
                                + " and removes "
                                + name
                                + " from status.storedVersions");
            }
        }
    }

    private static void approval(Check check, At at, @org.jspecify.annotations.Nullable At old) {
        FieldError problem = ApiApproval.problem(at.value(), old == null ? null : old.value());
        if (problem != null) {
            check.add(problem);
        }
    }

    private static void unknownFields(Check check, At spec, boolean before) {
        At preserve = spec.get("preserveUnknownFields");
        if (preserve.isTrue() && !before) {
            check.invalid(
                    preserve,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
                            + " spec.versions[*].schema instead");
        }
    }

    private static void spec(Check check, At spec) {
        At group = spec.get("group");
        if (check.requiredText(group, "")) {
            List<String> problems = Names.subdomain(group.text(), false);
            if (!problems.isEmpty()) {
                check.invalidText(group, String.join(",", problems));
            } else if (!group.text().contains(".")) {
                check.invalidText(group, "should be a domain with at least one dot");
            }
        }
        check.requiredOneOf(spec.get("scope"), List.of("Cluster", "Namespaced"));
        At versions = spec.get("versions");
        for (At version : versions.items()) {
            At schema = version.get("schema", "openAPIV3Schema");
            if (!schema.set()) {
                check.required(schema, "");
            }
        }
        boolean defaults =
                versions.items().stream()
                        .anyMatch(v -> v.get("schema").value().findValue("default") != null);
        if (defaults && spec.get("preserveUnknownFields").isTrue()) {
            check.invalid(
                    spec.get("preserveUnknownFields"),
                    "must be false in order to use defaults in the schema");
        }
        Shared shared = Shared.of(versions);
        versions(check, versions, shared);
        if (!versions.items().isEmpty()) {
            At first = versions.items().getFirst().get("name");
            if (!first.blank()) {
                joined(check, first.as("spec.version"), Names.label1035(first.text(), false), "");
            }
        }
        names(check, spec.get("names"));
        if (!versions.items().isEmpty()) {
            At version = versions.items().getFirst();
            if (shared.schema()) {
                boolean status =
                        versions.items().stream()
                                .anyMatch(v -> v.get("subresources", "status").set());
                schema(check, version.get("schema").as("spec.validation"), status);
            }
            if (shared.subresources()) {
                CustomVersionRules.subresources(
                        check, version.get("subresources").as("spec.subresources"));
            }
            if (shared.columns()) {
                CustomVersionRules.columns(
                        check,
                        version.get("additionalPrinterColumns")
                                .as("spec.additionalPrinterColumns"));
            }
            if (shared.fields()) {
                CustomVersionRules.selectable(
                        check,
                        version.get("selectableFields").as("spec.selectableFields"),
                        version.get("schema", "openAPIV3Schema").value());
            }
        }
        CustomVersionRules.conversion(check, spec.get("conversion"));
    }

    /** Which parts are the same in all versions. */
    private record Shared(boolean schema, boolean subresources, boolean columns, boolean fields) {
        static Shared of(At versions) {
            return new Shared(
                    same(versions, "schema"),
                    same(versions, "subresources"),
                    same(versions, "additionalPrinterColumns"),
                    same(versions, "selectableFields"));
        }

        private static boolean same(At versions, String part) {
            return versions.items().stream()
                            .map(version -> version.value().path(part))
                            .distinct()
                            .count()
                    <= 1;
        }
    }

    private static void versions(Check check, At versions, Shared shared) {
        Set<String> seen = new HashSet<>();
        boolean unique = true;
        for (At version : versions.items()) {
            At name = version.get("name");
            unique &= seen.add(name.text());
            joined(check, name, Names.label1035(name.text(), false), "");
            deprecation(check, version);
            if (!shared.schema()) {
                schema(check, version.get("schema"), version.get("subresources", "status").set());
            }
            if (!shared.subresources()) {
                CustomVersionRules.subresources(check, version.get("subresources"));
            }
            if (!shared.columns()) {
                CustomVersionRules.columns(check, version.get("additionalPrinterColumns"));
            }
            if (!shared.fields()) {
                CustomVersionRules.selectable(
                        check,
                        version.get("selectableFields"),
                        version.get("schema", "openAPIV3Schema").value());
            }
        }
        if (!unique) {
            check.invalid(
                    versions.path(), form(versions, shared), "must contain unique version names");
        }
        if (storage(At.root(spec(versions))).size() != 1) {
            check.invalid(
                    versions.path(),
                    form(versions, shared),
                    "must have exactly one version marked as storage version");
        }
    }

    private static JsonNode spec(At versions) {
        return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .set("versions", versions.value());
    }

    /** The versions as they are printed: without what is shared. */
    private static JsonNode form(At versions, Shared shared) {
        JsonNode copy = versions.value().deepCopy();
        for (JsonNode each : copy) {
            if (each instanceof com.fasterxml.jackson.databind.node.ObjectNode version) {
                if (shared.schema()) {
                    version.remove("schema");
                }
                if (shared.subresources()) {
                    version.remove("subresources");
                }
                if (shared.columns()) {
                    version.remove("additionalPrinterColumns");
                }
                if (shared.fields()) {
                    version.remove("selectableFields");
                }
            }
        }
        return InternalForm.of("[]apiextensions.CustomResourceDefinitionVersion", copy);
    }

    private static void deprecation(Check check, At version) {
        At warning = version.get("deprecationWarning");
        if (!warning.set()) {
            return;
        }
        if (!version.get("deprecated").isTrue()) {
            check.invalidText(warning, "can only be set for deprecated versions");
            return;
        }
        if (warning.text().length() > LONGEST_WARNING) {
            check.invalidText(warning, "must be <= 256 characters long");
        }
        if (warning.text().isEmpty()) {
            check.invalidText(warning, "must not be an empty string");
        }
    }

    private static void joined(Check check, At at, List<String> problems, String before) {
        if (!problems.isEmpty()) {
            check.invalidText(at, before + String.join(",", problems));
        }
    }

    private static void names(Check check, At names) {
        List<String> all = List.of("plural", "singular", "kind", "listKind");
        for (String field : all) {
            if (names.get(field).blank()) {
                check.required(names.get(field), "");
            }
        }
        for (String field : all) {
            At name = names.get(field);
            if (name.blank()) {
                continue;
            }
            boolean mixed = field.endsWith("ind");
            String text = mixed ? name.text().toLowerCase(Locale.ROOT) : name.text();
            joined(
                    check,
                    name,
                    Names.label1035(text, false),
                    mixed ? "may have mixed case, but should otherwise match: " : "");
        }
        for (At each : names.get("shortNames").items()) {
            joined(check, each, Names.label1035(each.text(), false), "");
        }
        At list = names.get("listKind");
        if (!names.get("kind").blank() && list.is(names.get("kind").text())) {
            check.invalidText(list, "kind and listKind may not be the same");
        }
        for (At each : names.get("categories").items()) {
            joined(check, each, Names.label1035(each.text(), false), "");
        }
    }

    private static void schema(Check check, At validation, boolean status) {
        At schema = validation.get("openAPIV3Schema");
        if (schema.set()) {
            CustomSchemaRules.check(check, schema, status);
        }
    }
}
