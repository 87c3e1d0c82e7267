package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.List;
import java.util.Map;

/** What storage kinds ask for that is deprecated. */
final class StorageWarnings {

    private static final String CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final String GONE = "deprecated in v1.28, non-functional in v1.31+";
    private static final Map<String, String> SOURCES =
            Map.of(
                    "cephfs", GONE,
                    "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
                    "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
                    "storageos", "deprecated in v1.22, non-functional in v1.25+",
                    "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
                    "rbd", GONE);

    private StorageWarnings() {}

    static void volume(At at, List<String> warnings) {
        At spec = at.get("spec");
        At annotations = at.get("metadata", "annotations");
        classAnnotation(at, warnings);
        At options = annotations.key("volume.beta.kubernetes.io/mount-options");
        if (options.set()) {
            warnings.add(
                    options.path()
                            + ": deprecated since v1.31; use \"mountOptions\" attribute instead");
        }
        if (spec.get("persistentVolumeReclaimPolicy").is("Recycle")) {
            warnings.add(
                    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated."
                            + " Instead, the recommended approach is to use dynamic provisioning.");
        }
        for (At term : spec.get("nodeAffinity", "required", "nodeSelectorTerms").items()) {
            PodWarnings.selectorTerm(term, false, warnings);
        }
        for (String source :
                List.of(
                        "cephfs",
                        "photonPersistentDisk",
                        "scaleIO",
                        "storageos",
                        "glusterfs",
                        "rbd")) {
            if (spec.get(source).set()) {
                String shown = source.equals("storageos") ? "storageOS" : source;
                warnings.add("spec." + shown + ": " + SOURCES.get(source));
            }
        }
    }

    static void classAnnotation(At at, List<String> warnings) {
        At annotation = at.get("metadata", "annotations").key(CLASS);
        if (annotation.set()) {
            warnings.add(
                    annotation.path()
                            + ": deprecated since v1.8; use \"storageClassName\" attribute instead");
        }
    }

    static void storageClass(At at, List<String> warnings) {
        for (At topology : at.get("allowedTopologies").items()) {
            for (At expression : topology.get("matchLabelExpressions").items()) {
                At key = expression.get("key");
                PodWarnings.deprecatedLabel(key.path(), key.text(), warnings);
            }
        }
    }

    static void capacity(At topology, List<String> warnings) {
        for (At expression : topology.get("matchExpressions").items()) {
            PodWarnings.deprecatedKey(expression.get("key"), warnings);
        }
        topology.get("matchLabels")
                .entries()
                .forEach(
                        (label, value) ->
                                PodWarnings.deprecatedLabel(
                                        topology.below("matchLabels") + "." + label,
                                        label,
                                        warnings));
    }

    static void driver(At spec, At old, List<String> warnings) {
        At requests = spec.get("tokenRequests");
        if (!requests.empty()
                && !requests.value().equals(old.get("tokenRequests").value())
                && !spec.get("serviceAccountTokenInSecrets").set()) {
            warnings.add(
                    "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver,"
                            + " set to true to prevent possible logging of tokens in volume"
                            + " attributes");
        }
    }
}
