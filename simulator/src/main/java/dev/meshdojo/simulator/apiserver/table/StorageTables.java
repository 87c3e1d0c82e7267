package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.NONE;
import static dev.meshdojo.simulator.apiserver.table.Texts.UNSET;
import static dev.meshdojo.simulator.apiserver.table.Texts.at;
import static dev.meshdojo.simulator.apiserver.table.Texts.name;
import static dev.meshdojo.simulator.apiserver.table.Texts.or;
import static dev.meshdojo.simulator.apiserver.table.Texts.present;
import static dev.meshdojo.simulator.apiserver.table.Texts.strings;
import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tables of volumes and storage classes. */
final class StorageTables {

    private static final Column VOLUME_MODE = Column.wide("VolumeMode", "File system or block.");

    static final Map<String, KindTable> TABLES =
            Map.of(
                    "PersistentVolume",
                    KindTable.of(
                            StorageTables::volume,
                            Column.NAME,
                            Column.text("Capacity", "Size of the volume."),
                            Column.text("Access Modes", "How it can be mounted."),
                            Column.text("Reclaim Policy", "What happens once it is released."),
                            Column.text("Status", "Phase of the volume."),
                            Column.text("Claim", "Claim that it is bound to."),
                            Column.text("StorageClass", "StorageClass of the volume."),
                            Column.text("VolumeAttributesClass", "Its VolumeAttributesClass."),
                            Column.text("Reason", "Why it is in this phase."),
                            Column.AGE,
                            VOLUME_MODE),
                    "PersistentVolumeClaim",
                    KindTable.of(
                            StorageTables::claim,
                            Column.NAME,
                            Column.text("Status", "Phase of the claim."),
                            Column.text("Volume", "Volume that it is bound to."),
                            Column.text("Capacity", "Size of the volume."),
                            Column.text("Access Modes", "How the volume is mounted."),
                            Column.text("StorageClass", "StorageClass of the claim."),
                            Column.text("VolumeAttributesClass", "Its VolumeAttributesClass."),
                            Column.AGE,
                            VOLUME_MODE),
                    "StorageClass.storage.k8s.io",
                    KindTable.of(
                            StorageTables::storageClass,
                            Column.NAME,
                            Column.text("Provisioner", "Who makes the volumes."),
                            Column.text("ReclaimPolicy", "What happens to released volumes."),
                            Column.text("VolumeBindingMode", "When volumes are bound."),
                            Column.text("AllowVolumeExpansion", "Whether claims can grow."),
                            Column.AGE),
                    "VolumeAttributesClass.storage.k8s.io",
                    KindTable.of(
                            (o, ages) ->
                                    Arrays.asList(
                                            withDefault(o, "volumeattributesclass"),
                                            text(o, "driverName"),
                                            ages.of(o)),
                            Column.NAME,
                            Column.text("DriverName", "CSI driver of the class."),
                            Column.AGE),
                    "VolumeAttachment.storage.k8s.io",
                    KindTable.of(
                            (o, ages) ->
                                    Arrays.asList(
                                            name(o),
                                            text(o, "spec", "attacher"),
                                            text(o, "spec", "source", "persistentVolumeName"),
                                            text(o, "spec", "nodeName"),
                                            at(o, "status", "attached").asBoolean(),
                                            ages.of(o)),
                            Column.NAME,
                            new Column("Attacher", "string", "name", "Who attaches it.", 0),
                            Column.text("PV", "Volume that is attached."),
                            Column.text("Node", "Node that it is attached to."),
                            Column.flag("Attached", "Whether it is attached."),
                            Column.AGE),
                    "CSINode.storage.k8s.io",
                    KindTable.of(
                            (o, ages) ->
                                    Arrays.asList(
                                            name(o), at(o, "spec", "drivers").size(), ages.of(o)),
                            Column.NAME,
                            Column.number("Drivers", "CSI drivers on the node."),
                            Column.AGE),
                    "CSIDriver.storage.k8s.io",
                    KindTable.of(
                            StorageTables::csiDriver,
                            Column.NAME,
                            Column.flag("AttachRequired", "Whether volumes must be attached."),
                            Column.flag("PodInfoOnMount", "Whether mounts tell about the pod."),
                            Column.flag("StorageCapacity", "Whether capacity is published."),
                            Column.text("TokenRequests", "Audiences of tokens it needs."),
                            Column.flag("RequiresRepublish", "Whether mounts are repeated."),
                            Column.text("Modes", "Volume life cycles it supports."),
                            Column.AGE));

    private StorageTables() {}

    private static List<@Nullable Object> volume(ObjectNode o, Ages ages) {
        JsonNode claim = at(o, "spec", "claimRef");
        return Arrays.asList(
                name(o),
                or(text(o, "spec", "capacity", "storage"), "0"),
                accessModes(at(o, "spec", "accessModes")),
                text(o, "spec", "persistentVolumeReclaimPolicy"),
                Texts.deleting(o) ? "Terminating" : text(o, "status", "phase"),
                present(claim) ? text(claim, "namespace") + "/" + text(claim, "name") : "",
                className(o),
                orUnset(at(o, "spec", "volumeAttributesClassName")),
                text(o, "status", "reason"),
                ages.of(o),
                orUnset(at(o, "spec", "volumeMode")));
    }

    private static List<@Nullable Object> claim(ObjectNode o, Ages ages) {
        boolean bound = !text(o, "spec", "volumeName").isEmpty();
        return Arrays.asList(
                name(o),
                Texts.deleting(o) ? "Terminating" : text(o, "status", "phase"),
                text(o, "spec", "volumeName"),
                bound ? or(text(o, "status", "capacity", "storage"), "0") : "",
                bound ? accessModes(at(o, "status", "accessModes")) : "",
                className(o),
                orUnset(at(o, "spec", "volumeAttributesClassName")),
                ages.of(o),
                orUnset(at(o, "spec", "volumeMode")));
    }

    private static String orUnset(JsonNode value) {
        return present(value) ? value.asText() : UNSET;
    }

    private static String className(ObjectNode object) {
        String old =
                text(object, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
        return or(old, text(object, "spec", "storageClassName"));
    }

    private static String accessModes(JsonNode modes) {
        List<String> given = strings(modes);
        List<String> shown = new ArrayList<>();
        addMode(given, "ReadWriteOnce", "RWO", shown);
        addMode(given, "ReadOnlyMany", "ROX", shown);
        addMode(given, "ReadWriteMany", "RWX", shown);
        addMode(given, "ReadWriteOncePod", "RWOP", shown);
        return String.join(",", shown);
    }

    private static void addMode(
            List<String> given, String mode, String abbreviation, List<String> shown) {
        if (given.contains(mode)) {
            shown.add(abbreviation);
        }
    }

    private static String withDefault(ObjectNode object, String kind) {
        JsonNode annotations = at(object, "metadata", "annotations");
        boolean standard =
                "true".equals(text(annotations, kind + ".kubernetes.io/is-default-class"))
                        || "true"
                                .equals(
                                        text(
                                                annotations,
                                                kind + ".beta.kubernetes.io/is-default-class"));
        return standard ? name(object) + " (default)" : name(object);
    }

    private static List<@Nullable Object> storageClass(ObjectNode o, Ages ages) {
        return Arrays.asList(
                withDefault(o, "storageclass"),
                text(o, "provisioner"),
                or(text(o, "reclaimPolicy"), "Delete"),
                or(text(o, "volumeBindingMode"), "Immediate"),
                o.path("allowVolumeExpansion").asBoolean(),
                ages.of(o));
    }

    private static List<@Nullable Object> csiDriver(ObjectNode o, Ages ages) {
        List<String> audiences = new ArrayList<>();
        JsonNode requests = at(o, "spec", "tokenRequests");
        requests.forEach(request -> audiences.add(text(request, "audience")));
        return Arrays.asList(
                name(o),
                at(o, "spec", "attachRequired").asBoolean(true),
                at(o, "spec", "podInfoOnMount").asBoolean(),
                at(o, "spec", "storageCapacity").asBoolean(),
                present(requests) ? String.join(",", audiences) : UNSET,
                at(o, "spec", "requiresRepublish").asBoolean(),
                or(String.join(",", strings(at(o, "spec", "volumeLifecycleModes"))), NONE),
                ages.of(o));
    }
}
