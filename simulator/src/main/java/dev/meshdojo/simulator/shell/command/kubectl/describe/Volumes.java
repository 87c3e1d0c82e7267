package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;

/** Volumes of pods and templates. */
final class Volumes {

    private Volumes() {}

    static void write(Description out, JsonNode volumes, String space) {
        if (volumes.isEmpty()) {
            out.raw(space + "Volumes:\t<none>\n");
            return;
        }
        out.raw(space + "Volumes:\n");
        for (JsonNode volume : volumes) {
            out.line(1, (space.isEmpty() ? "" : " ") + volume.path("name").asText() + ":");
            volume(out, volume);
        }
    }

    private static void volume(Description out, JsonNode volume) {
        if (volume.has("configMap")) {
            out.field(2, "Type", "ConfigMap (a volume populated by a ConfigMap)");
            out.field(2, "Name", volume.path("configMap").path("name").asText());
            optional(out, volume.path("configMap"));
        } else if (volume.has("secret")) {
            out.field(2, "Type", "Secret (a volume populated by a Secret)");
            out.field(2, "SecretName", volume.path("secret").path("secretName").asText());
            optional(out, volume.path("secret"));
        } else if (volume.has("emptyDir")) {
            out.field(2, "Type", "EmptyDir (a temporary directory that shares a pod's lifetime)");
            out.field(2, "Medium", volume.path("emptyDir").path("medium").asText(""));
            out.field(2, "SizeLimit", volume.path("emptyDir").path("sizeLimit").asText("<unset>"));
        } else if (volume.has("hostPath")) {
            out.field(2, "Type", "HostPath (bare host directory volume)");
            out.field(2, "Path", volume.path("hostPath").path("path").asText());
            out.field(2, "HostPathType", volume.path("hostPath").path("type").asText(""));
        } else if (volume.has("persistentVolumeClaim")) {
            out.field(
                    2,
                    "Type",
                    "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)");
            out.field(
                    2,
                    "ClaimName",
                    volume.path("persistentVolumeClaim").path("claimName").asText());
            out.field(
                    2,
                    "ReadOnly",
                    String.valueOf(
                            volume.path("persistentVolumeClaim").path("readOnly").asBoolean()));
        } else if (volume.has("downwardAPI")) {
            out.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
            out.line(2, "Items:");
            for (JsonNode item : volume.path("downwardAPI").path("items")) {
                String from =
                        item.path("fieldRef")
                                .path("fieldPath")
                                .asText(item.path("resourceFieldRef").path("resource").asText(""));
                out.line(3, from + " -> " + item.path("path").asText());
            }
        } else if (volume.has("projected")) {
            projected(out, volume.path("projected"));
        } else {
            out.line(2, "<unknown>");
        }
    }

    private static void projected(Description out, JsonNode projected) {
        out.field(
                2,
                "Type",
                "Projected (a volume that contains injected data from multiple sources)");
        for (JsonNode source : projected.path("sources")) {
            if (source.has("secret")) {
                out.field(2, "SecretName", source.path("secret").path("name").asText());
                optional(out, source.path("secret"));
            } else if (source.has("downwardAPI")) {
                out.field(2, "DownwardAPI", "true");
            } else if (source.has("configMap")) {
                out.field(2, "ConfigMapName", source.path("configMap").path("name").asText());
                optional(out, source.path("configMap"));
            } else if (source.has("serviceAccountToken")) {
                out.field(
                        2,
                        "TokenExpirationSeconds",
                        source.path("serviceAccountToken")
                                .path("expirationSeconds")
                                .asText("3600"));
            }
        }
    }

    private static void optional(Description out, JsonNode source) {
        out.field(2, "Optional", String.valueOf(source.path("optional").asBoolean(false)));
    }
}
