package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.apiserver.builtin.Names;
import dev.meshdojo.simulator.apiserver.builtin.Quantities;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Kubernetes demands of the volumes of a pod. */
final class VolumeRules {

    /** In the order in which they are looked at. */
    private static final List<String> SOURCES =
            List.of(
                    "emptyDir",
                    "hostPath",
                    "gitRepo",
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "secret",
                    "nfs",
                    "iscsi",
                    "glusterfs",
                    "flocker",
                    "persistentVolumeClaim",
                    "rbd",
                    "cinder",
                    "cephfs",
                    "quobyte",
                    "downwardAPI",
                    "fc",
                    "flexVolume",
                    "configMap",
                    "azureFile",
                    "vsphereVolume",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "azureDisk",
                    "storageos",
                    "projected",
                    "scaleIO",
                    "csi",
                    "ephemeral",
                    "image");

    /** Texts that sources have to have, in order. */
    private static final Map<String, List<String>> REQUIRED =
            Map.ofEntries(
                    Map.entry("glusterfs", List.of("endpoints", "path")),
                    Map.entry("cinder", List.of("volumeID")),
                    Map.entry("flexVolume", List.of("driver")),
                    Map.entry("azureFile", List.of("secretName", "shareName")),
                    Map.entry("vsphereVolume", List.of("volumePath")),
                    Map.entry("photonPersistentDisk", List.of("pdID")),
                    Map.entry("portworxVolume", List.of("volumeID")),
                    Map.entry("azureDisk", List.of("diskName", "diskURI")),
                    Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
                    Map.entry("persistentVolumeClaim", List.of("claimName")));

    private static final List<String> FIELDS =
            List.of(
                    "metadata.annotations",
                    "metadata.labels",
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid");

    private static final List<String> HOST_PATHS =
            List.of(
                    "",
                    "BlockDevice",
                    "CharDevice",
                    "Directory",
                    "DirectoryOrCreate",
                    "File",
                    "FileOrCreate",
                    "Socket");

    private VolumeRules() {}

    /** Checks them; the names of those that are fine may be mounted. */
    static Set<String> validate(Check check, At volumes, JsonNode metadata) {
        Set<String> names = new HashSet<>();
        for (At volume : volumes.items()) {
            int before = check.errors().size();
            source(check, volume, metadata);
            At name = volume.get("name");
            if (check.requiredText(name, "")) {
                check.label1123(name);
            }
            if (names.contains(name.text())) {
                check.duplicateText(name);
            }
            if (check.cleanSince(before)) {
                names.add(name.text());
            }
        }
        return names;
    }

    private static void source(Check check, At volume, JsonNode metadata) {
        int found = 0;
        for (String kind : SOURCES) {
            At source = volume.get(kind);
            if (!source.set()) {
                continue;
            }
            if (kind.equals("emptyDir")) {
                At limit = source.get("sizeLimit");
                if (limit.set() && Quantities.value(limit.text()).signum() < 0) {
                    check.forbidden(limit, "SizeLimit field must be a valid resource quantity");
                }
                found++;
            } else if (found > 0) {
                String shown =
                        switch (kind) {
                            case "downwardAPI" -> "downwarAPI";
                            case "cephfs" -> "cephFS";
                            default -> kind;
                        };
                check.forbidden(volume.below(shown), "may not specify more than 1 volume type");
            } else {
                found++;
                details(check, kind, source, volume, metadata);
            }
        }
        if (found == 0) {
            check.required(volume, "must specify a volume type");
        }
    }

    private static void details(Check check, String kind, At source, At volume, JsonNode metadata) {
        for (String field : REQUIRED.getOrDefault(kind, List.of())) {
            check.requiredText(source.get(field), "");
        }
        switch (kind) {
            case "hostPath" -> {
                if (check.requiredText(source.get("path"), "")) {
                    noBacksteps(check, source.get("path"));
                    hostPathType(check, source.get("type"));
                }
            }
            case "gitRepo" -> {
                check.requiredText(source.get("repository"), "");
                descending(check, source.get("directory"));
            }
            case "gcePersistentDisk" -> {
                At disk = source.as(volume.below("persistentDisk"));
                check.requiredText(disk.get("pdName"), "");
            }
            case "awsElasticBlockStore" -> check.requiredText(source.get("volumeID"), "");
            case "secret", "configMap" -> {
                check.requiredText(source.get(kind.equals("secret") ? "secretName" : "name"), "");
                check.fileMode(source.get("defaultMode"));
                source.get("items").items().forEach(item -> keyToPath(check, item));
            }
            case "nfs" -> {
                check.requiredText(source.get("server"), "");
                check.requiredText(source.get("path"), "");
                if (!source.get("path").text().startsWith("/")) {
                    check.invalidText(source.get("path"), "must be an absolute path");
                }
            }
            case "iscsi" -> {
                check.requiredText(source.get("targetPortal"), "");
                if (check.requiredText(source.get("iqn"), "")
                        && !source.get("iqn").text().matches("(iqn|eui|naa).*")) {
                    check.invalidText(
                            source.get("iqn"),
                            "must be valid format starting with iqn, eui, or naa");
                }
                check.range(source.get("lun"), 0, 255);
            }
            case "flocker" -> {
                if (source.get("datasetName").blank() && source.get("datasetUUID").blank()) {
                    check.required(source, "one of datasetName and datasetUUID is required");
                }
            }
            case "rbd" -> {
                if (source.get("monitors").empty()) {
                    check.required(source.get("monitors"), "");
                }
                check.requiredText(source.get("image"), "");
            }
            case "cephfs" -> {
                if (source.get("monitors").empty()) {
                    check.required(source.get("monitors"), "");
                }
            }
            case "downwardAPI" -> {
                check.fileMode(source.get("defaultMode"));
                for (At item : source.get("items").items()) {
                    downward(check, item.as(source.path()));
                }
            }
            case "projected" -> ProjectionRules.validate(check, source);
            case "csi" -> csi(check, source);
            case "ephemeral" -> ephemeral(check, source, volume, metadata);
            case "image" -> {
                if (metadata.isObject()) {
                    check.requiredText(source.get("reference"), "");
                }
                if (!source.get("pullPolicy").blank()) {
                    check.oneOf(
                            source.get("pullPolicy"), List.of("Always", "IfNotPresent", "Never"));
                }
            }
            default -> {}
        }
    }

    static void hostPathType(Check check, At type) {
        check.oneOf(type, HOST_PATHS);
    }

    private static void csi(Check check, At source) {
        driver(check, source.get("driver"));
        At secret = source.get("nodePublishSecretRef");
        if (secret.set()) {
            secretName(check, secret.get("name"), source.below("name"));
        }
    }

    private static void secretName(Check check, At name, String path) {
        if (check.requiredText(name, "")) {
            check.subdomain(name.as(path));
        }
    }

    static void driver(Check check, At driver) {
        if (!check.requiredText(driver, "")) {
            return;
        }
        if (driver.text().length() > 63) {
            check.tooLong(driver, 63);
        }
        check.names(driver, Names.subdomain(Check.lower(driver.text()), false));
    }

    private static void ephemeral(Check check, At source, At volume, JsonNode metadata) {
        At template = source.get("volumeClaimTemplate");
        if (!template.set()) {
            check.required(template, "");
        } else {
            check.annotations(template.get("metadata", "annotations"));
            check.labels(template.get("metadata", "labels"));
            StorageRules.claimSpec(check, template.get("spec"));
        }
        String pod = metadata.path("name").asText("");
        At name = volume.get("name");
        if (!pod.isEmpty() && !name.blank()) {
            String claim = pod + "-" + name.text();
            for (String problem : Names.subdomain(claim, false)) {
                check.invalidText(name, "PVC name \"" + claim + "\": " + problem);
            }
        }
    }

    static void keyToPath(Check check, At item) {
        check.requiredText(item.get("key"), "");
        check.requiredText(item.get("path"), "");
        notReserved(check, item.get("path"));
        check.fileMode(item.get("mode"));
    }

    static void downward(Check check, At item) {
        check.requiredText(item.get("path"), "");
        notReserved(check, item.get("path"));
        if (item.get("fieldRef").set()) {
            EnvironmentRules.fieldRef(check, item.get("fieldRef"), FIELDS);
            if (item.get("resourceFieldRef").set()) {
                check.invalidText(
                        item.path(),
                        "resource",
                        "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (item.get("resourceFieldRef").set()) {
            EnvironmentRules.resourceFieldRef(check, item.get("resourceFieldRef"), true);
        } else {
            check.required(item, "one of fieldRef and resourceFieldRef is required");
        }
        check.fileMode(item.get("mode"));
    }

    static void notReserved(Check check, At path) {
        descending(check, path);
        if (path.text().startsWith("..") && !path.text().startsWith("../")) {
            check.invalidText(path, "must not start with '..'");
        }
    }

    static void descending(Check check, At path) {
        if (path.text().startsWith("/")) {
            check.invalidText(path, "must be a relative path");
        }
        noBacksteps(check, path);
    }

    static void noBacksteps(Check check, At path) {
        if (List.of(path.text().split("/")).contains("..")) {
            check.invalidText(path, "must not contain '..'");
        }
    }
}
