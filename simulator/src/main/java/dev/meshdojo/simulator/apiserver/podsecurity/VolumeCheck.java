package dev.meshdojo.simulator.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Volumes that bring nothing of a node or of a storage system named in the pod. */
final class VolumeCheck {

    private static final Set<String> ALLOWED =
            Set.of(
                    "configMap",
                    "csi",
                    "downwardAPI",
                    "emptyDir",
                    "ephemeral",
                    "image",
                    "persistentVolumeClaim",
                    "projected",
                    "secret");

    private VolumeCheck() {}

    static @Nullable Violation check(PodView pod) {
        List<String> volumes = new ArrayList<>();
        SortedSet<String> types = new TreeSet<>();
        for (JsonNode volume : pod.spec().path("volumes")) {
            String type = type(volume);
            if (!ALLOWED.contains(type)) {
                volumes.add(volume.path("name").asText());
                types.add(type);
            }
        }
        if (volumes.isEmpty()) {
            return null;
        }
        return new Violation(
                "restricted volume types",
                Violation.plural(volumes.size(), "volume ", "volumes ")
                        + Violation.quoted(volumes)
                        + Violation.plural(volumes.size(), " uses ", " use ")
                        + Violation.plural(
                                types.size(), "restricted volume type ", "restricted volume types ")
                        + Violation.quoted(types));
    }

    private static String type(JsonNode volume) {
        for (var field : volume.properties()) {
            if (!field.getKey().equals("name") && field.getValue().isObject()) {
                return field.getKey();
            }
        }
        return "unknown";
    }
}
