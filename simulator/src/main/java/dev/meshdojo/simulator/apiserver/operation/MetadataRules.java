package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What Kubernetes demands of every object's metadata. */
final class MetadataRules {

    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

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
        return errors;
    }

    static List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        validateCommon(object, errors);
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
        int index = 0;
        for (JsonNode owner : owners) {
            String path = "metadata.ownerReferences[" + index++ + "]";
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.path(field).asText("").isEmpty()) {
                    String detail =
                            field.equals("apiVersion")
                                    ? "version must not be empty"
                                    : field + " must not be empty";
                    errors.add(FieldError.invalidText(path + "." + field, "", detail));
                }
            }
        }
    }
}
