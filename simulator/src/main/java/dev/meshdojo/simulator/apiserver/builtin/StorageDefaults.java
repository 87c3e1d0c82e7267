package dev.meshdojo.simulator.apiserver.builtin;

import static dev.meshdojo.simulator.apiserver.builtin.Fill.absent;
import static dev.meshdojo.simulator.apiserver.builtin.Fill.unset;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Defaults of volumes, claims and drivers. */
final class StorageDefaults {

    private StorageDefaults() {}

    /** Drops a new claim's source of a kind that nobody knows. */
    static void dropUnknownSource(ObjectNode spec) {
        if (spec.get("dataSource") instanceof ObjectNode source) {
            String group = source.path("apiGroup").asText();
            String kind = source.path("kind").asText();
            boolean known =
                    (kind.equals("PersistentVolumeClaim") && group.isEmpty())
                            || (kind.equals("VolumeSnapshot")
                                    && group.equals("snapshot.storage.k8s.io"));
            if (!known) {
                spec.remove("dataSource");
            }
        }
    }

    /** The two fields for a claim's source say the same. */
    static void alignSources(ObjectNode spec) {
        if (spec.get("dataSource") instanceof ObjectNode source && !spec.has("dataSourceRef")) {
            spec.set("dataSourceRef", source.deepCopy());
        } else if (spec.get("dataSourceRef") instanceof ObjectNode reference
                && !spec.has("dataSource")
                && reference.path("namespace").asText("").isEmpty()) {
            spec.set("dataSource", reference.deepCopy());
        }
    }

    static void claim(ObjectNode spec) {
        unset(spec, "volumeMode", "Filesystem");
    }

    static void volume(ObjectNode spec) {
        absent(spec, "persistentVolumeReclaimPolicy", "Retain");
        unset(spec, "volumeMode", "Filesystem");
        if (spec.get("hostPath") instanceof ObjectNode path) {
            absent(path, "type", "");
        }
    }

    static void driver(ObjectNode spec) {
        absent(spec, "attachRequired", true);
        absent(spec, "podInfoOnMount", false);
        absent(spec, "storageCapacity", false);
        unset(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        absent(spec, "requiresRepublish", false);
        absent(spec, "seLinuxMount", false);
        if (spec.path("volumeLifecycleModes").isEmpty()) {
            spec.putArray("volumeLifecycleModes").add("Persistent");
        }
    }
}
