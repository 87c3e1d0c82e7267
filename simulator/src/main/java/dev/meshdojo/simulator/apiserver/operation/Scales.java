package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ScalePaths;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Workloads as the subresource {@code scale} shows them. Pure. */
public final class Scales {

    private Scales() {}

    /**
     * The scale of a workload: what it wants, has, and which pods are its own.
     *
     * @param paths where a custom kind keeps that; null for built-in kinds
     */
    public static ObjectNode of(ObjectNode parent, @Nullable ScalePaths paths) {
        if (paths == null) {
            return of(parent);
        }
        return scale(
                parent,
                ScalePaths.read(parent, paths.specReplicas()).asInt(0),
                ScalePaths.read(parent, paths.statusReplicas()).asInt(0),
                ScalePaths.read(parent, paths.selector()).asText(""));
    }

    private static ObjectNode of(ObjectNode parent) {
        return scale(
                parent,
                parent.path("spec").path("replicas").asInt(0),
                parent.path("status").path("replicas").asInt(0),
                selectorText(parent.path("spec").path("selector")));
    }

    private static ObjectNode scale(ObjectNode parent, int replicas, int found, String selector) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field :
                List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = parent.path("metadata").get(field);
            if (value != null) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        if (replicas != 0) {
            spec.put("replicas", replicas);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", found);
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static String selectorText(JsonNode selector) {
        JsonNode labels = selector.has("matchLabels") ? selector.path("matchLabels") : selector;
        TreeMap<String, String> sorted = new TreeMap<>();
        labels.properties()
                .forEach(
                        label -> {
                            if (label.getValue().isTextual()) {
                                sorted.put(label.getKey(), label.getValue().asText());
                            }
                        });
        StringBuilder text = new StringBuilder();
        sorted.forEach(
                (key, value) ->
                        text.append(text.isEmpty() ? "" : ",")
                                .append(key)
                                .append('=')
                                .append(value));
        return text.toString();
    }
}
