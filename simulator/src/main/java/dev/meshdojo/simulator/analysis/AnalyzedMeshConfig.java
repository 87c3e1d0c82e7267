package dev.meshdojo.simulator.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.admission.Spec;
import org.jspecify.annotations.Nullable;

/**
 * The mesh-wide settings that analyzers ask for, from the key {@code mesh} of istiod's ConfigMap.
 *
 * @param settings the MeshConfig as written; absent when there is none that can be read
 */
public record AnalyzedMeshConfig(Spec settings) {

    private static final YAMLMapper YAML = new YAMLMapper();

    static AnalyzedMeshConfig of(@Nullable AnalyzedObject configMap) {
        String text = configMap == null ? "" : configMap.json().path("data").path("mesh").asText();
        try {
            return new AnalyzedMeshConfig(
                    new Spec(text.isBlank() ? MissingNode.getInstance() : YAML.readTree(text)));
        } catch (JsonProcessingException e) {
            return new AnalyzedMeshConfig(Spec.ABSENT);
        }
    }

    /** The namespace of mesh-wide policies. */
    public String rootNamespace() {
        String root = settings.text("rootNamespace");
        return root.isEmpty() ? "istio-system" : root;
    }
}
