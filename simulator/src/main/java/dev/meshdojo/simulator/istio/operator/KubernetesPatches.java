package dev.meshdojo.simulator.istio.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Applies a component's {@code k8s} field to its rendered objects: the named settings as strategic
 * merges, then {@code overlays}. Source: istio's {@code operator/pkg/render/postprocess.go}.
 */
public final class KubernetesPatches {

    private static final Map<String, String> POD_FIELDS =
            Map.of(
                    "affinity", "spec.template.spec.affinity",
                    "nodeSelector", "spec.template.spec.nodeSelector",
                    "podAnnotations", "spec.template.metadata.annotations",
                    "priorityClassName", "spec.template.spec.priorityClassName",
                    "replicaCount", "spec.replicas",
                    "strategy", "spec.strategy",
                    "tolerations", "spec.template.spec.tolerations",
                    "securityContext", "spec.template.spec.securityContext");
    private static final List<String> CONTAINER_FIELDS =
            List.of("env", "imagePullPolicy", "readinessProbe", "resources");

    private KubernetesPatches() {}

    /** Changes {@code objects} in place. */
    public static void apply(Component.Instance instance, List<ObjectNode> objects) {
        ObjectNode settings = instance.kubernetes();
        for (ObjectNode object : objects) {
            boolean named = object.path("metadata").path("name").asText().equals(instance.name());
            if (named) {
                patch(instance, settings, object);
            }
        }
        for (JsonNode overlay : settings.path("overlays")) {
            for (ObjectNode object : objects) {
                if (overlay.path("kind").asText().equals(object.path("kind").asText())
                        && overlay.path("name")
                                .asText()
                                .equals(object.path("metadata").path("name").asText())) {
                    overlay(object, overlay.path("patches"));
                }
            }
        }
    }

    private static void patch(Component.Instance instance, ObjectNode settings, ObjectNode object) {
        switch (object.path("kind").asText()) {
            case "Deployment" -> {
                POD_FIELDS.forEach((field, path) -> merge(object, path, settings.get(field)));
                String container =
                        "spec.template.spec.containers.[name:%s]."
                                .formatted(instance.component().container());
                for (String field : CONTAINER_FIELDS) {
                    merge(object, container + field, settings.get(field));
                }
            }
            case "HorizontalPodAutoscaler" -> merge(object, "spec", settings.get("hpaSpec"));
            case "PodDisruptionBudget" -> {
                merge(object, "spec", settings.get("podDisruptionBudget"));
                if (object.path("spec").has("maxUnavailable")) {
                    ((ObjectNode) object.path("spec")).remove("minAvailable");
                }
            }
            case "Service" -> {
                merge(object, "metadata.annotations", settings.get("serviceAnnotations"));
                if (settings.get("service") instanceof ObjectNode service) {
                    ObjectNode rest = service.deepCopy();
                    if (instance.component().gateway()) {
                        rest.remove("ports");
                    }
                    merge(object, "spec", rest);
                }
            }
            default -> {
                return;
            }
        }
    }

    private static void merge(
            ObjectNode object, String path, @org.jspecify.annotations.Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return;
        }
        ValuePath at = ValuePath.parse(path);
        JsonNode old = at.get(object);
        if (old instanceof ObjectNode map && value instanceof ObjectNode overlay) {
            OperatorValues.mergeInto(map, overlay);
        } else if (old instanceof ArrayNode list
                && value instanceof ArrayNode overlay
                && path.endsWith(".env")) {
            mergeByName(list, overlay);
        } else {
            at.set(object, value.deepCopy());
        }
    }

    private static void mergeByName(ArrayNode list, ArrayNode overlay) {
        for (JsonNode entry : overlay) {
            String name = entry.path("name").asText();
            int at = -1;
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i).path("name").asText().equals(name)) {
                    at = i;
                }
            }
            if (at >= 0) {
                list.set(at, entry.deepCopy());
            } else {
                list.insert(0, entry.deepCopy());
            }
        }
    }

    private static void overlay(ObjectNode object, JsonNode patches) {
        for (JsonNode patch : patches) {
            JsonNode value = patch.get("value");
            ValuePath.parse(patch.path("path").asText())
                    .set(object, value == null || value.isNull() ? null : value.deepCopy());
        }
    }
}
