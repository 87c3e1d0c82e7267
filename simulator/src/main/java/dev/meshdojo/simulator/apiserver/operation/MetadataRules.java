package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Kubernetes demands of every object's metadata. */
final class MetadataRules {

    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private static final Set<String> KNOWN_FINALIZERS =
            Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final Set<String> UNQUALIFIED =
            Set.of(
                    "admissionregistration.k8s.io",
                    "apiextensions.k8s.io",
                    "apiregistration.k8s.io",
                    "coordination.k8s.io");

    private MetadataRules() {}

    static List<FieldError> validate(ResourceDefinition definition, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        String generateName = Meta.text(object, "generateName");
        if (!generateName.isEmpty()) {
            for (String problem : definition.strategy().validateName(generateName, true)) {
                errors.add(FieldError.invalidText("metadata.generateName", generateName, problem));
            }
        }
        String name = Meta.name(object);
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
        } else {
            for (String problem : definition.strategy().validateName(name, false)) {
                errors.add(FieldError.invalidText("metadata.name", name, problem));
            }
        }
        validateCommon(object, errors);
        validateFinalizers(definition, object, errors);
        return errors;
    }

    static List<FieldError> validateUpdate(
            ResourceDefinition definition, ObjectNode object, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        if (Meta.deleting(old)) {
            TreeSet<String> added = new TreeSet<>(Meta.finalizers(object));
            added.removeAll(Meta.finalizers(old));
            if (!added.isEmpty()) {
                errors.add(
                        FieldError.forbidden(
                                "metadata.finalizers",
                                "no new finalizers can be added if the object is being deleted,"
                                        + " found new finalizers []string{"
                                        + String.join(
                                                ", ",
                                                added.stream().map(f -> "\"" + f + "\"").toList())
                                        + "}"));
            }
        }
        for (String field : List.of("name", "namespace", "uid", "creationTimestamp")) {
            JsonNode now = object.path("metadata").path(field);
            if (!now.equals(old.path("metadata").path(field))) {
                errors.add(FieldError.invalid("metadata." + field, now, "field is immutable"));
            }
        }
        validateCommon(object, errors);
        validateFinalizers(definition, object, errors);
        return errors;
    }

    private static void validateCommon(ObjectNode object, List<FieldError> errors) {
        JsonNode metadata = object.path("metadata");
        metadata.path("labels")
                .properties()
                .forEach(
                        label -> {
                            for (String problem : Names.qualified(label.getKey())) {
                                errors.add(
                                        FieldError.invalidText(
                                                "metadata.labels", label.getKey(), problem));
                            }
                            String value = label.getValue().asText();
                            for (String problem : Names.labelValue(value)) {
                                errors.add(
                                        FieldError.invalidText("metadata.labels", value, problem));
                            }
                        });
        long size = 0;
        for (var annotation : metadata.path("annotations").properties()) {
            size += annotation.getKey().length() + annotation.getValue().asText().length();
            for (String problem :
                    Names.qualified(annotation.getKey().toLowerCase(java.util.Locale.ROOT))) {
                errors.add(
                        FieldError.invalidText(
                                "metadata.annotations", annotation.getKey(), problem));
            }
        }
        if (size > ANNOTATIONS_LIMIT) {
            errors.add(FieldError.tooLong("metadata.annotations", ANNOTATIONS_LIMIT));
        }
        validateOwners(metadata.path("ownerReferences"), errors);
        int index = 0;
        for (JsonNode finalizer : metadata.path("finalizers")) {
            for (String problem : Names.qualified(finalizer.asText())) {
                errors.add(
                        FieldError.invalid(
                                "metadata.finalizers",
                                TextNode.valueOf(finalizer.asText()),
                                problem));
            }
            index++;
        }
        if (index > 0 && hasBoth(metadata.path("finalizers"))) {
            errors.add(
                    FieldError.invalid(
                            "metadata.finalizers",
                            metadata.path("finalizers"),
                            "finalizer orphan and foregroundDeletion cannot be both set"));
        }
    }

    private static boolean hasBoth(JsonNode finalizers) {
        boolean orphan = false;
        boolean foreground = false;
        for (JsonNode finalizer : finalizers) {
            orphan |= finalizer.asText().equals("orphan");
            foreground |= finalizer.asText().equals("foregroundDeletion");
        }
        return orphan && foreground;
    }

    private static void validateOwners(JsonNode owners, List<FieldError> errors) {
        String path = "metadata.ownerReferences";
        String controller = "";
        for (JsonNode owner : owners) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                boolean bad =
                        field.equals("apiVersion")
                                && owner.path(field)
                                                .asText("")
                                                .chars()
                                                .filter(c -> c == '/')
                                                .count()
                                        > 1;
                if (bad || owner.path(field).asText("").isEmpty()) {
                    errors.add(
                            FieldError.invalidText(
                                    path + "." + field,
                                    owner.path(field).asText(""),
                                    field.equals("apiVersion")
                                            ? "version must not be empty"
                                            : "must not be empty"));
                }
            }
            if (owner.path("apiVersion").asText().equals("v1")
                    && owner.path("kind").asText().equals("Event")) {
                errors.add(
                        FieldError.invalid(
                                path, owner, "/v1, Kind=Event is disallowed from being an owner"));
            }
            if (owner.path("controller").asBoolean()) {
                String current = owner.path("kind").asText() + "/" + owner.path("name").asText();
                if (controller.isEmpty()) {
                    controller = current;
                } else {
                    errors.add(
                            FieldError.invalid(
                                    path,
                                    owners,
                                    "Only one reference can have Controller set to true. Found"
                                            + " \"true\" in references for "
                                            + controller
                                            + " and "
                                            + current));
                }
            }
        }
    }

    /** What built-in kinds demand of their finalizers on top: a domain, unless they are known. */
    private static void validateFinalizers(
            ResourceDefinition definition, ObjectNode object, List<FieldError> errors) {
        if (definition.custom() || UNQUALIFIED.contains(definition.group())) {
            return;
        }
        int index = 0;
        for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
            String text = finalizer.asText();
            if (!text.contains("/") && !KNOWN_FINALIZERS.contains(text)) {
                errors.add(
                        FieldError.invalidText(
                                "metadata.finalizers[" + index + "]",
                                text,
                                "name is neither a standard finalizer name nor is it fully"
                                        + " qualified"));
            }
            index++;
        }
    }
}
