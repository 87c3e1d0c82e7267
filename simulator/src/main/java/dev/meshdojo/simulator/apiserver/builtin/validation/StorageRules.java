package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.util.List;

/** What Kubernetes demands of volumes, claims and storage classes. */
final class StorageRules {

    private static final List<String> MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");
    private static final String CLAIM_RULE =
            "spec is immutable after creation except resources.requests and"
                    + " volumeAttributesClassName for bound claims\n";
    private static final String SOURCE_RULE =
            "spec.persistentvolumesource is immutable after creation\n";
    private static final List<String> SOURCES =
            List.of(
                    "hostPath",
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "glusterfs",
                    "flocker",
                    "nfs",
                    "rbd",
                    "quobyte",
                    "cephfs",
                    "iscsi",
                    "cinder",
                    "fc",
                    "flexVolume",
                    "azureFile",
                    "vsphereVolume",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "azureDisk",
                    "scaleIO",
                    "local",
                    "storageos",
                    "csi");

    private StorageRules() {}

    private static void accessModes(Check check, At modes) {
        boolean single = false;
        boolean others = false;
        for (At mode : modes.items()) {
            check.oneOf(mode.as(modes.path()), MODES);
            single |= mode.is("ReadWriteOncePod");
            others |= !mode.is("ReadWriteOncePod") && MODES.contains(mode.text());
        }
        if (single && others) {
            check.forbidden(modes, "may not use ReadWriteOncePod with other access modes");
        }
    }

    static void claimSpec(Check check, At spec) {
        At modes = spec.get("accessModes");
        if (modes.empty()) {
            check.required(modes, "at least 1 access mode is required");
        }
        check.selector(spec.get("selector"));
        accessModes(check, modes);
        At storage =
                spec.get("resources", "requests", "storage").as(spec.below("resources[storage]"));
        if (!storage.set()) {
            check.required(storage, "");
        } else if (Quantities.value(storage.text()).signum() <= 0) {
            check.invalidText(
                    storage.path(),
                    Quantities.canonical(storage.text()),
                    "must be greater than zero");
        }
        if (!spec.get("storageClassName").blank()) {
            check.subdomain(spec.get("storageClassName"));
        }
        check.oneOf(spec.get("volumeMode"), VOLUME_MODES);
        attributesClass(check, spec);
        for (String source : List.of("dataSource", "dataSourceRef")) {
            At from = spec.get(source);
            if (from.set()) {
                check.requiredText(from.get("name"), "");
                check.requiredText(from.get("kind"), "");
                if (from.get("apiGroup").blank() && !from.get("kind").is("PersistentVolumeClaim")) {
                    check.invalidText(
                            from.path(),
                            from.get("kind").text(),
                            "must be 'PersistentVolumeClaim' when referencing the default"
                                    + " apiGroup");
                }
            }
        }
    }

    static void claimUpdate(Check check, At claim, At old) {
        claimSpec(check, claim.get("spec"));
        ObjectNode now = claim.value().path("spec").deepCopy();
        ObjectNode before = old.value().path("spec").deepCopy();
        if (before.path("volumeName").asText("").isEmpty()) {
            copy(now, before, "volumeName");
        }
        if (!before.has("storageClassName") && now.has("storageClassName")) {
            now.remove("storageClassName");
        }
        boolean bound = claim.get("status", "phase").is("Bound");
        JsonNode size = before.path("resources").path("requests").path("storage");
        if (bound && now.path("resources").path("requests") instanceof ObjectNode requests) {
            requests.set("storage", size);
        }
        if (bound) {
            copy(before, now, "volumeAttributesClassName");
        }
        JsonNode printedBefore = InternalForm.of("core.PersistentVolumeClaimSpec", before);
        JsonNode printed = InternalForm.of("core.PersistentVolumeClaimSpec", now);
        if (!printed.equals(printedBefore)) {
            check.forbidden("spec", CLAIM_RULE + UnifiedDiff.of(printedBefore, printed));
        }
        At wanted = claim.get("spec", "resources", "requests", "storage");
        if (Quantities.value(wanted.text()).compareTo(Quantities.value(size.asText())) < 0
                && Quantities.value(wanted.text())
                                .compareTo(
                                        Quantities.value(
                                                old.get("status", "capacity", "storage").text()))
                        <= 0) {
            check.forbidden(wanted, "field can not be less than status.capacity");
        }
        check.immutable(
                claim.get("spec", "volumeMode").as("volumeMode"), old.get("spec", "volumeMode"));
    }

    private static void copy(ObjectNode from, ObjectNode to, String field) {
        if (from.has(field)) {
            to.set(field, from.get(field));
        } else {
            to.remove(field);
        }
    }

    static void volume(Check check, At spec) {
        At modes = spec.get("accessModes");
        if (modes.empty()) {
            check.required(modes, "");
        }
        accessModes(check, modes);
        At capacity = spec.get("capacity");
        if (capacity.empty()) {
            check.required(capacity, "");
        }
        if (!capacity.get("storage").set() || capacity.value().size() > 1) {
            check.notSupported(
                    capacity.path(),
                    InternalForm.of("{}quantity", capacity.value()),
                    List.of("storage"));
        }
        for (At quantity : capacity.entries().values()) {
            if (Quantities.value(quantity.text()).signum() <= 0) {
                check.invalidText(
                        quantity.path(),
                        Quantities.canonical(quantity.text()),
                        "must be greater than zero");
            }
        }
        check.oneOf(
                spec.get("persistentVolumeReclaimPolicy"), List.of("Delete", "Recycle", "Retain"));
        At required = spec.get("nodeAffinity", "required");
        if (spec.get("nodeAffinity").set()) {
            if (required.set()) {
                SchedulingRules.nodeSelector(check, required);
            } else {
                check.required(required, "must specify required node constraints");
            }
        }
        source(check, spec);
        if (!spec.get("storageClassName").blank()) {
            check.subdomain(spec.get("storageClassName"));
        }
        check.oneOf(spec.get("volumeMode"), VOLUME_MODES);
        At attributes = spec.get("volumeAttributesClassName");
        if (attributes.set()) {
            if (attributes.text().isEmpty()) {
                check.required(attributes, "an empty string is disallowed");
            } else {
                check.subdomain(attributes);
            }
            if (!spec.get("csi").set()) {
                check.required(
                        spec.get("csi"),
                        "has to be specified when using volumeAttributesClassName");
            }
        }
    }

    private static void attributesClass(Check check, At spec) {
        At name = spec.get("volumeAttributesClassName");
        if (!name.blank()) {
            check.subdomain(name);
        }
    }

    private static void source(Check check, At spec) {
        int found = 0;
        for (String kind : SOURCES) {
            At source = spec.get(kind);
            if (!source.set()) {
                continue;
            }
            if (found++ > 0) {
                check.forbidden(source, "may not specify more than 1 volume type");
                continue;
            }
            switch (kind) {
                case "hostPath" -> {
                    if (check.requiredText(source.get("path"), "")) {
                        VolumeRules.noBacksteps(check, source.get("path"));
                        VolumeRules.hostPathType(check, source.get("type"));
                    }
                    if (source.is("/") && spec.get("persistentVolumeReclaimPolicy").is("Recycle")) {
                        check.forbidden(
                                spec.get("persistentVolumeReclaimPolicy"),
                                "may not be 'recycle' for a hostPath mount of '/'");
                    }
                }
                case "nfs" -> {
                    check.requiredText(source.get("server"), "");
                    check.requiredText(source.get("path"), "");
                    if (!source.get("path").text().startsWith("/")) {
                        check.invalidText(source.get("path"), "must be an absolute path");
                    }
                }
                case "local" -> {
                    if (check.requiredText(source.get("path"), "")) {
                        VolumeRules.noBacksteps(check, source.get("path"));
                    }
                    if (!spec.get("nodeAffinity").set()) {
                        check.required(
                                spec.get("nodeAffinity"), "Local volume requires node affinity");
                    }
                }
                case "csi" -> {
                    VolumeRules.driver(check, source.get("driver"));
                    check.requiredText(source.get("volumeHandle"), "");
                    for (String secret :
                            List.of(
                                    "controllerPublishSecretRef",
                                    "controllerExpandSecretRef",
                                    "nodePublishSecretRef",
                                    "nodeExpandSecretRef")) {
                        if (source.get(secret).set()) {
                            secret(check, source.get(secret));
                        }
                    }
                }
                default -> {}
            }
        }
        if (found == 0) {
            check.required(spec, "must specify a volume type");
        }
    }

    private static void secret(Check check, At secret) {
        for (String field : List.of("name", "namespace")) {
            At at = secret.get(field);
            if (check.requiredText(at, "")) {
                check.names(
                        at,
                        field.equals("name")
                                ? Names.subdomain(at.text(), false)
                                : Names.label(at.text(), false));
            }
        }
    }

    static void volumeUpdate(Check check, At volume, At old) {
        volume(check, volume.get("spec"));
        JsonNode now = sourceOf(volume);
        JsonNode before = sourceOf(old);
        if (!now.equals(before)) {
            check.forbidden(
                    "spec.persistentvolumesource", SOURCE_RULE + UnifiedDiff.of(before, now));
        }
        check.immutable(
                volume.get("spec", "volumeMode").as("volumeMode"), old.get("spec", "volumeMode"));
    }

    private static JsonNode sourceOf(At volume) {
        return InternalForm.of("core.PersistentVolumeSource", volume.value().path("spec"));
    }

    static void storageClass(Check check, At object) {
        At provisioner = object.get("provisioner");
        if (check.requiredText(provisioner, "")) {
            for (String problem : Names.qualified(Check.lower(provisioner.text()))) {
                check.invalidText(provisioner.path(), Check.lower(provisioner.text()), problem);
            }
        }
        check.oneOf(object.get("reclaimPolicy"), List.of("Delete", "Retain"));
        At binding = object.get("volumeBindingMode");
        check.requiredOneOf(binding, List.of("Immediate", "WaitForFirstConsumer"));
    }

    static void storageClassUpdate(Check check, At object, At old) {
        for (String field : List.of("parameters", "provisioner", "reclaimPolicy")) {
            if (!Check.same(object.get(field).value(), old.get(field).value())) {
                check.forbidden(field, "updates to " + field + " are forbidden.");
            }
        }
        check.immutable(object.get("volumeBindingMode"), old.get("volumeBindingMode"));
    }
}
