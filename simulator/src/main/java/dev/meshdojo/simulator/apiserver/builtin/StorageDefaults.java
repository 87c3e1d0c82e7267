package dev.meshdojo.simulator.apiserver.builtin;

import static dev.meshdojo.simulator.apiserver.builtin.Fill.absent;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Defaults of volumes, claims and drivers. */
final class StorageDefaults {

    private StorageDefaults() {}

    static void claim(ObjectNode spec) {
        absent(spec, "volumeMode", "Filesystem");
    }

    static void volume(ObjectNode spec) {
        absent(spec, "persistentVolumeReclaimPolicy", "Retain");
        absent(spec, "volumeMode", "Filesystem");
        if (spec.get("hostPath") instanceof ObjectNode path) {
            absent(path, "type", "");
        }
    }

    static void driver(ObjectNode spec) {
        absent(spec, "attachRequired", true);
        absent(spec, "podInfoOnMount", false);
        absent(spec, "storageCapacity", false);
        absent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        absent(spec, "requiresRepublish", false);
        absent(spec, "seLinuxMount", false);
        if (spec.path("volumeLifecycleModes").isEmpty()) {
            spec.putArray("volumeLifecycleModes").add("Persistent");
        }
    }
}
